"""A fine-tuning run that dies at step 0: text columns reach the data collator after a refactor.

The error message recommends padding, so padding is what gets tried first, and it does not help.
"""

from datetime import timedelta

from bot.sandbox.cases.script import (
    Await,
    Case,
    Click,
    Close,
    Command,
    Edit,
    File,
    Narrate,
    React,
    Reply,
    Step,
    Submit,
    Talk,
    taps,
    triage,
)

TRACEBACK = """\
log: rank 0 of support-sft-0412, the other 15 ranks print the same
```
[rank0]: Traceback (most recent call last):
[rank0]:   File "/opt/sft/train.py", line 188, in main
[rank0]:     trainer.train(resume_from_checkpoint=cfg.resume)
[rank0]:   File ".../transformers/trainer.py", line 2241, in train
[rank0]:     return inner_training_loop(
[rank0]:   File ".../transformers/trainer.py", line 2500, in _inner_training_loop
[rank0]:     batch_samples, num_items_in_batch = self.get_batch_samples(epoch_iterator, num_batches)
[rank0]:   File ".../accelerate/data_loader.py", line 563, in __iter__
[rank0]:     current_batch = next(dataloader_iter)
[rank0]:   ...
[rank0]: ValueError: Caught ValueError in DataLoader worker process 0.
[rank0]: Original Traceback (most recent call last):
[rank0]:   File ".../transformers/tokenization_utils_base.py", line 777, in convert_to_tensors
[rank0]:     tensor = as_tensor(value)
[rank0]:   File ".../transformers/tokenization_utils_base.py", line 739, in as_tensor
[rank0]:     return torch.tensor(value)
[rank0]: ValueError: too many dimensions 'str'
[rank0]: The above exception was the direct cause of the following exception:
[rank0]:   File ".../torch/utils/data/_utils/fetch.py", line 55, in fetch
[rank0]:     return self.collate_fn(data)
[rank0]:   ...
[rank0]: ValueError: Unable to create tensor, you should probably activate truncation and/or padding with \
'padding=True' 'truncation=True' to have batched tensors with the same length. Perhaps your features \
(`prompt` in this case) have excessive nesting (inputs type `list` where type `int` is expected).
```"""

DIFFERENTIAL = """\
dx: padding or truncation got lost in the refactor, so the batch is ragged 45% impact 2
dx: collator gets string columns 30% impact 3
dx: transformers 4.49 pads differently from 4.47 15% impact 3
dx: labels are strings in tonight's data snapshot 10% impact 5"""

COLUMNS = """\
prompt          str
response        str
source          str
input_ids       list[int]   312
attention_mask  list[int]   312
labels          list[int]   312
loss_weights    list[float] 312
"""

EVIDENCE = """\
dx: B for: 7d41e0 sets remove_unused_columns=False, before that Trainer dropped every text column
dx: C against: yesterday's run was on 4.49 as well, and it trained"""

PADDING_IS_OUT = """\
dx: A against: the three text columns are there before anything is padded
dx: A ruled out by T1"""

PIN = "pin transformers==4.47.1 and rebuild the image"

HANDOFF = "handoff: @cho I have been up since four, please take it from here"

READY = """\
todo: @cho run T3 before anything is closed, D would spoil a week of checkpoints in 30m
todo: @cho tell the release channel whether 18:00 still holds in 1h
if: T3 finds another schema, then stop every run that reads tonight's snapshot @dev for D
if: a batch still holds text after the fix, then go back to 3f2a91 without loss weights @dev for B
if: T2 crashes as well, then start plan C @dev for C
vital: step=0 throughput=0x gpus_idle=16"""

READ_BACK = (
    "No step since 7d41e0. Padding is out and undone, the collator gets three text columns. I wait for T2, "
    "run T3 myself before anything is closed, and tell the release channel whether 18:00 holds."
)

# A day has 25 hours when clocks are put back; so there is a nine o'clock in it, whenever the case is played.
UNTIL_THE_DIGEST = timedelta(hours=25)

CASE = Case(
    name="collator",
    title="Fine-tuning dies at step 0: string columns reach the collator",
    channel="training-runs",
    cast=("ana", "ben", "cho", "dev"),
    steps=(
        Step(0, "ben", Narrate("The nightly fine-tune of the support model crashes before its first step.")),
        Step(
            1.0,
            "ben",
            Command("open sev3 support-sft-0412 crashes at step 0, ValueError in the collator on every rank"),
        ),
        Step(3.0, "ben", Reply(TRACEBACK, name="traceback")),
        *triage("ben", A="no", B="no", C="2", D="yes"),
        Step(
            2.0,
            "ben",
            Reply(
                "impact: 16 GPUs held and idle, the release candidate needs this checkpoint by 18:00\n"
                "onset: 25m ago"
            ),
        ),
        Step(2.0, "dev", Command("digest here at 09:00 Europe/Berlin")),
        Step(1.0, "ben", Narrate("Five minutes in, nobody leads. Rounds asks, and one tap is an answer.")),
        Step(1.0, "ben", Await("Nobody leads yet")),
        Step(2.5, "ben", Click("lead")),
        Step(2.0, "ben", Reply("vital: step=0 throughput=0x gpus_idle=16")),
        Step(3.0, "ana", Talk("looking. what went in since yesterday's run?")),
        Step(
            3.0,
            "dev",
            Talk(
                "7d41e0 only: per-token loss weights. it needs remove_unused_columns=False, otherwise "
                "Trainer drops the loss_weights column. our collator takes those out and pads them itself",
                name="change",
            ),
        ),
        Step(2.0, "ana", React(to="change", emoji="mag")),
        Step(1.5, "ben", Narrate("Bad vital signs ask once whether the severity still holds.")),
        Step(0.5, "ben", Await("Is it still SEV2?")),
        Step(2.5, "ben", Click("answered:worse")),
        Step(
            3.0, "ana", Narrate("Four explanations, the most likely first. The last one must not be missed.")
        ),
        Step(1.5, "ana", Reply(DIFFERENTIAL)),
        Step(3.0, "dev", Reply(EVIDENCE)),
        Step(2.0, "ben", Narrate("The error message recommends padding, so padding is tried first.")),
        Step(
            1.5,
            "ben",
            Reply(
                'fix: A set padding="max_length" and truncation=True in preprocess(); '
                "expect step 1 done on all ranks within 10m; revert: drop commit 77d0c1"
            ),
        ),
        Step(
            2.5,
            "ana",
            Reply("test: is there a str column among 8 rows inside the collator? (5m) @ana for A,B,C,D"),
        ),
        *taps("ana", "T1", A="negative", B="positive", C="negative", D="positive"),
        Step(2.5, "dev", Reply(f"fix: C {PIN}; revert: drop the pin", name="pin")),
        Step(2.0, "dev", Narrate("A1 is still running, so a second fix is refused. Dev keeps it as a plan.")),
        Step(
            2.0,
            "dev",
            Edit(of="pin", text=f"plan: C {PIN}; costs 40m; saves 1h; for C; revert: drop the pin"),
        ),
        Step(3.0, "dev", Talk("map takes about 6 min with max_length, the cache does not match any more")),
        Step(
            4.0,
            "ben",
            Reply(
                "outcome: A1 failed same ValueError on `prompt`, and the map went from 2m to 6m\n"
                "vital: step=0 throughput=0x gpus_idle=16"
            ),
        ),
        Step(2.5, "ben", Reply("outcome: A1 reverted, 77d0c1 dropped, config is back on 7d41e0")),
        Step(2.0, "ana", Narrate("T1 is due and a fix has failed: one prompt asks for both.")),
        Step(0.5, "ana", Await("The last intervention failed")),
        Step(
            3.0,
            "ana",
            Talk("the worst it could be is D, that stays open. what does not fit is text in an int batch"),
        ),
        Step(1.5, "ana", Click("answered:time-out")),
        Step(
            3.0,
            "ana",
            File(
                "result: T1 positive 2 of 7 columns are str before any padding happens, list attached",
                filename="collator_columns.txt",
                content=COLUMNS,
                name="columns",
            ),
        ),
        Step(
            2.5,
            "ana",
            Edit(
                of="columns",
                text="result: T1 positive 3 of 7 columns are str before any padding happens "
                "(prompt, response, source), list attached",
            ),
        ),
        Step(
            2.5,
            "ana",
            Talk("so the advice in the message is about the wrong thing. padding never sees those columns"),
        ),
        Step(2.0, "ana", Reply(PADDING_IS_OUT)),
        Step(
            3.0,
            "dev",
            Reply("test: does 3f2a91 crash as well, on 4.49 and one node, 20 steps? (10m) @dev for B,C"),
        ),
        *taps("dev", "T2", B="negative", C="positive", D="either"),
        Step(
            1.5,
            "ana",
            Reply("test: does the schema of tonight's snapshot differ from last week's? (5m) @cho for D"),
        ),
        Step(1.5, "ana", Click("expects:T3")),
        Step(2.0, "ana", Submit({"exact": "B 5%, C 5%, D 99%"})),
        Step(2.0, "ben", Narrate("Ben has been up since four. He hands over before the second attempt.")),
        Step(1.5, "ben", Reply(HANDOFF)),
        Step(1.0, "ben", Narrate("Nobody has said what Cho is to do, so it is not sent. Ben says the rest.")),
        Step(0.5, "ben", Await("not sent yet")),
        Step(2.0, "ben", Reply(READY)),
        Step(0.5, "cho", Await("until <@U0CHO> has read it back")),
        Step(1.0, "cho", Narrate("Cho picks the facts from mixed lists and says it in words of her own.")),
        Step(2.0, "cho", Click("read_back")),
        Step(
            2.5,
            "cho",
            Submit(
                {
                    "severity": "SEV2",
                    "leading": "B",
                    "actions": ["TD1", "TD2"],
                    "contingencies": ["IF1", "IF2", "IF3"],
                    "synthesis": READ_BACK,
                }
            ),
        ),
        Step(0.5, "cho", Await("leads INC-")),
        Step(1.5, "cho", Narrate("T3 is due as well. Cho declines to be asked again, and says why.")),
        Step(0.5, "cho", Await("T3 is due")),
        Step(1.5, "cho", Click("decline")),
        Step(
            1.5,
            "cho",
            Submit({"asked": ["result|T3"], "reason": "it is the last check, I run it before we close"}),
        ),
        Step(3.0, "dev", Reply("result: T2 negative 3f2a91 trains 20 steps on 4.49, loss 1.84 to 1.61")),
        Step(
            2.5,
            "cho",
            Reply(
                "plan: B pass remove_columns=raw.column_names to both map() calls, keep loss_weights; "
                "expect step 50 with finite loss within 10m; revert: redeploy 3f2a91; "
                "costs 10m; saves 1h; for B\n"
                "if: loss > 4 at step 50 then go back to 3f2a91 without loss weights @dev"
            ),
        ),
        Step(2.0, "cho", Reply("fix: B")),
        Step(2.0, "cho", Talk("submitted. the map is cached per fingerprint, so it runs once more")),
        Step(1.5, "cho", Narrate("The map runs and nobody writes, so Rounds asks how the signs are now.")),
        Step(0.5, "cho", Await("Time to look again"), waits=timedelta(minutes=6)),
        Step(
            3.0,
            "cho",
            Reply("vital: step=50 loss=1.79 grad_norm=0.9 median 0.8 throughput=1.0x gpus_idle=0"),
        ),
        Step(
            2.5,
            "cho",
            Reply(
                "outcome: B1 worked step 50 on all 16 ranks, eval pass went through as well, loss is finite"
            ),
        ),
        Step(
            2.5,
            "dev",
            Reply(
                "todo: @dev fail the job at start when a str column is left in the dataset by tomorrow\n"
                "todo: @ben run the collator on 8 rows in CI by Friday\n"
                "todo: @cho compare eval of this checkpoint with last week's in 4h"
            ),
        ),
        Step(1.0, "cho", Reply("vital: step=150 loss=1.66 grad_norm=0.8 throughput=1.0x")),
        Step(1.0, "cho", Reply("vital: step=200 loss=1.61 grad_norm=0.8 throughput=1.0x")),
        Step(2.5, "cho", Narrate("D must not be missed: the gate asks for T3, declined or not.")),
        Step(1.5, "cho", Click("resolve")),
        Step(2.5, "cho", Close()),
        Step(
            2.5,
            "cho",
            Reply(
                "result: T3 negative schemas are identical, labels are int64 in both\n"
                "done: TD1 T3 is negative\n"
                "done: TD2 checkpoint is announced for 17:00"
            ),
        ),
        Step(
            2.5,
            "cho",
            Reply("resolve: B; gone: 200 steps on all 16 ranks, loss 1.61 and finite, no worker has died"),
        ),
        Step(2.0, "cho", Narrate("Resolved: the columns, not the padding. And how it went, as a picture.")),
        Step(1.0, "cho", Click("workup")),
        Step(1.5, "cho", Click("picture")),
        Step(0.5, "cho", Close()),
        Step(0.5, "cho", Await("-differential")),
        Step(1.5, "dev", Narrate("A night later: what the channel reads at nine, and what the cause was.")),
        Step(1.0, "dev", Await("Resolved since yesterday"), waits=UNTIL_THE_DIGEST),
    ),
)
