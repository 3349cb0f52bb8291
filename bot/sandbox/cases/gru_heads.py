"""A safety classifier that blocks everything: its GRU heads no longer fit what is fed to them.

Widening the heads silences the error and leaves them untrained, which only the evaluation shows.
"""

from datetime import timedelta

from bot.sandbox.cases.script import (
    INCIDENT,
    Await,
    Case,
    Click,
    Close,
    Command,
    Delete,
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
log: from canary pod 3, every request ends here
```
  File "/srv/sentinel/serve.py", line 96, in score
    logits = self.model(batch.input_ids, batch.attention_mask)
  File ".../torch/nn/modules/module.py", line 1747, in _call_impl
    return forward_call(*args, **kwargs)
  File "/srv/sentinel/model.py", line 61, in forward
    return {name: head(features) for name, head in self.heads.items()}
  File "/srv/sentinel/heads.py", line 38, in forward
    states, _ = self.gru(features)
  File ".../torch/nn/modules/rnn.py", in forward
    self.check_forward_args(input, hx, batch_sizes)
  File ".../torch/nn/modules/rnn.py", in check_forward_args
    self.check_input(input, batch_sizes)
  File ".../torch/nn/modules/rnn.py", in check_input
    raise RuntimeError(
RuntimeError: input.size(-1) must be equal to input_size. Expected 512, got 1024
```"""

DIFFERENTIAL = """\
dx: backbone returns the inner Mamba width (d_inner = 2 x 512) instead of d_model 40% impact 3
dx: shared GRU hands on both directions side by side, 2 x 512 35% impact 3
dx: batch_first got lost when the heads moved to heads.py 15% impact 3
dx: canary pulled the config of the 1024 wide model 10% impact 4"""

EVIDENCE = """\
dx: B for: the heads were the last lines of one forward(), and only what stood in their classes was moved
dx: D absent: 2.7 reads the same config store and would fail as well"""

WIDTH_IS_RIGHT = """\
dx: A ruled out by T1
dx: D ruled out by T1"""

NOT_COMPARED = (
    "the store is read-only until Monday, so its hash is compared then. strict load and recall speak "
    "against it, and no 2.7 pod restarts before"
)

SHAPES = """\
backbone.norm_f      out  (8, 256, 512)
trunk.gru            out  (8, 256, 1024)   bidirectional, hidden 512
heads.self_harm.gru  in   (8, 256, 1024)   input_size 512
heads.violence.gru   in   (8, 256, 1024)   input_size 512
"""

READY = """\
todo: @dev read what the old forward() of 2.7 did with the two directions in 20m
todo: @dev take the canary out if it is not back, do not wait for me in 1h
todo: @ben squeeze the 2.7 pool, so that the canary can be drained in 30m
if: the old forward() kept both directions apart, then leave the canary blocked and drain it @ben for B
if: a 2.7 pod restarts, then compare its recall before it gets traffic @cho for E
vital: blocked=100% error_rate=1.0 canary_share=5% p95=38ms
stability: unstable the canary blocks all it gets, and 2.7 has no pods to spare"""

READ_BACK = (
    "Only the canary, and it fails closed; 2.7 carries the rest and must not restart. Wider heads load "
    "untrained, not again. The shared GRU doubles the width: I read the old forward() first."
)

READ: dict[str, str | list[str]] = {
    "severity": "SEV1",
    "leading": "B",
    "actions": ["TD1", "TD2"],
    "contingencies": ["IF1", "IF2"],
    "synthesis": READ_BACK,
}

CASE = Case(
    name="gru-heads",
    title="Safety classifier blocks everything: GRU heads do not fit their input",
    channel="ml-incidents",
    cast=("ana", "ben", "cho", "dev"),
    steps=(
        Step(0, "ana", Narrate("A canary of the safety classifier answers every request with blocked.")),
        Step(
            1.0,
            "ana",
            Command(
                "open sev2 sentinel 2.8 canary blocks 100% of its requests, GRU heads raise a shape error"
            ),
        ),
        Step(3.0, "ana", Reply(TRACEBACK)),
        Step(1.5, "ana", Reply("impact: 5% of EU traffic gets blocked, the rest runs 2.7\nonset: 10m ago")),
        *triage("ana", A="no", B="yes"),
        Step(1.5, "dev", Command("digest here at 09:00 Europe/Berlin weekdays")),
        Step(
            3.0,
            "ana",
            Reply("vital: blocked=100% error_rate=1.0 canary_share=5% p95=38ms", name="vital"),
        ),
        Step(
            3.0,
            "cho",
            Talk("it fails closed, so nothing unsafe gets out. I cannot drain it, the 2.7 pool is at 92%"),
        ),
        Step(
            3.0,
            "ben",
            Talk(
                "2.8 is the head refactor: nine heads moved out of model.py into heads.py. "
                "weights are those of 2.7",
                name="change",
            ),
        ),
        Step(2.0, "ana", React(to="change", emoji="mag")),
        Step(
            2.0, "ana", Narrate("1024 is twice 512 in two ways: Mamba's inner width, and two GRU directions.")
        ),
        Step(1.5, "ben", Reply(DIFFERENTIAL)),
        Step(1.0, "ana", Narrate("Everybody digs and nobody leads. Rounds asked, then tells the channel.")),
        Step(0.5, "ana", Await("Nobody has answered")),
        Step(3.0, "ana", Click("lead")),
        Step(2.5, "dev", Reply(EVIDENCE)),
        Step(
            2.5,
            "cho",
            Reply("test: hook each module, is it 1024 already behind the backbone? (5m) @cho for A,B,D"),
        ),
        *taps("cho", "T1", A="positive", B="negative", D="positive", C="either"),
        Step(
            3.0,
            "ben",
            Reply(
                "fix: A build the heads with input_size=1024, skip tensors that do not fit on load; "
                "expect canary answers and recall within 1 point of 2.7 within 15m; revert: redeploy 2.8.0"
            ),
        ),
        Step(2.5, "ana", Talk("skip on load makes me uneasy, but the canary is blocked either way")),
        Step(2.5, "ana", Reply("vital: blocked=100% error_rate=1.0 canary_share=5% p95=38ms", name="twice")),
        Step(1.5, "ana", Delete(of="twice")),
        Step(3.0, "ben", Reply("vital: blocked=3% error_rate=0.0 canary_share=5% p95=44ms")),
        Step(2.0, "ben", Talk("error is gone. running the safety set before I believe it")),
        Step(1.0, "cho", Narrate("T1 is due. Its hooks have to wait for the safety set, so Cho snoozes it.")),
        Step(0.5, "cho", Await("T1 is due")),
        Step(2.0, "cho", Click("snooze:15")),
        Step(
            4.0,
            "ben",
            Reply(
                "outcome: A1 failed recall self_harm 0.41 (2.7: 0.93), violence 0.38 (0.91). 18 tensors "
                "were skipped on load, weight_ih_l0 and weight_ih_l0_reverse of nine heads: "
                "their input weights are random"
            ),
        ),
        Step(2.0, "ben", Click("ended:A1:reverted")),
        Step(
            2.0,
            "ben",
            Reply(
                "note: canary is back on 2.8.0 and blocks again. "
                "62 requests were judged by untrained heads for 4 minutes"
            ),
        ),
        Step(
            2.0,
            "ana",
            Reply("sev: 1 for 4 minutes the canary let through what 2.7 would have stopped"),
        ),
        Step(1.5, "ana", Narrate("A failed fix calls a time-out. A new hypothesis answers it.")),
        Step(0.5, "ana", Await("what is the worst it could be")),
        Step(
            2.5,
            "ana",
            Reply("dx: the 2.8 build overwrote the weights of 2.7 in the store 5% impact 5"),
        ),
        Step(1.5, "cho", Click("expects:T1:E:negative")),
        Step(
            3.0,
            "cho",
            File(
                "result: T1 negative backbone gives 512, trunk.gru gives 1042. A and D are out",
                filename="shapes.txt",
                content=SHAPES,
                name="shapes",
            ),
        ),
        Step(
            2.0,
            "cho",
            Edit(
                of="shapes",
                text="result: T1 negative backbone gives 512, trunk.gru gives 1024. A and D are out",
            ),
        ),
        Step(1.5, "cho", Reply(WIDTH_IS_RIGHT)),
        Step(
            2.5,
            "ana",
            Reply("test: does one head take the same input with batch_first=True? (5m) @ana for C"),
        ),
        Step(1.5, "ana", Click("expects:T2")),
        Step(2.0, "ana", Submit({"expects-B": "negative", "expects-E": "negative", "exact": "C 99%"})),
        Step(1.0, "ana", Narrate("Five minutes later T2 is due, and one tap says what it showed.")),
        Step(0.5, "ana", Await("T2 is due"), waits=timedelta(minutes=5)),
        Step(2.0, "ana", Click("found:T2:negative")),
        Step(1.5, "ana", Talk("same error both ways, check_input looks at the last dimension only")),
        Step(
            1.0,
            "ana",
            Narrate("SEV1 is looked at every 15 minutes. Where nothing has changed, a tap will do."),
        ),
        Step(0.5, "ana", Await("Time to look again"), waits=timedelta(minutes=1)),
        Step(1.5, "ana", Click("answered:re-evaluation")),
        Step(1.5, "ana", Narrate("Ana's shift ends here. Dev takes over with the cause half known.")),
        Step(1.5, "ana", Reply(READY)),
        Step(1.0, "ana", Command(f"handoff @dev {INCIDENT}")),
        Step(0.5, "dev", Await("until <@U0DEV> has read it back")),
        Step(
            1.0, "dev", Narrate("Dev reads it, and picks what is true. What he has missed is shown to him.")
        ),
        Step(2.0, "dev", Click("read_back")),
        Step(2.0, "dev", Submit(READ | {"leading": "A", "contingencies": ["IF1"]})),
        Step(2.0, "dev", Submit(READ)),
        Step(0.5, "dev", Await("leads INC-")),
        Step(
            2.0,
            "dev",
            Reply(
                "test: does forward() of 2.7 do something to both directions that heads.py leaves out? "
                "(5m) @dev for B"
            ),
        ),
        *taps("dev", "T3", B="positive", E="either"),
        Step(
            2.5,
            "dev",
            Reply(
                "result: T3 positive 2.7 added both directions up before the heads, heads.py does not\n"
                "done: TD1 it added them up"
            ),
        ),
        Step(
            2.0,
            "dev",
            Reply(
                "plan: B add states[..., :512] + states[..., 512:] in Trunk.forward, load with strict=True; "
                "expect recall within 1 point of 2.7 within 15m; revert: redeploy 2.7.4; "
                "costs 15m; saves 1h; for B\n"
                "if: any recall > 1 point under 2.7 then take the canary out @ben"
            ),
        ),
        Step(1.5, "dev", Click("workup")),
        Step(1.0, "dev", Click("fix:plan:B")),
        Step(1.0, "dev", Submit()),
        Step(0.5, "dev", Close()),
        Step(3.0, "dev", Reply("vital: blocked=3% error_rate=0.0 canary_share=5% p95=39ms")),
        Step(
            2.5,
            "dev",
            Reply(
                "outcome: B1 worked all keys loaded, recall self_harm 0.93, violence 0.91, "
                "the other seven within 0.2 points of 2.7"
            ),
        ),
        Step(
            2.0,
            "dev",
            Reply(
                "sev: 3 canary answers as 2.7 does, follow-up only\n"
                "done: TD2 it is back, so it stays\n"
                "done: TD3 no need to drain it any more\n"
                "todo: @ben score the 62 requests again with 2.7 in 4h\n"
                "todo: @cho refuse a deploy that skips tensors on load by Thursday\n"
                "todo: @dev put the safety set in front of the canary by Wednesday\n"
                "todo: @cho compare the hash of the 2.7 weights in the store by Monday"
            ),
        ),
        Step(2.0, "dev", Narrate("E is not excluded. The gate asks, and Dev answers for it by name.")),
        Step(1.5, "dev", Click("resolve")),
        Step(1.5, "dev", Click("waive:E")),
        Step(2.0, "dev", Submit({"reason": NOT_COMPARED})),
        Step(
            2.5,
            "dev",
            Submit(
                {"cause": "B", "gone": "1,200 requests since: no shape error, 3% blocked, recall as with 2.7"}
            ),
        ),
        Step(2.0, "dev", Narrate("Resolved: the sum is back, and the weights fit as they were trained.")),
        Step(1.0, "dev", Click("workup")),
        Step(1.5, "dev", Click("picture")),
        Step(0.5, "dev", Close()),
        Step(0.5, "dev", Await("-differential")),
        Step(2.0, "dev", Narrate("And the digest, as the channel would read it now.")),
        Step(1.0, "dev", Command("digest")),
    ),
)
