"""A safety classifier that blocks everything: its GRU heads no longer fit what is fed to them.

Widening the heads silences the error and leaves them untrained, which only the evaluation shows.
"""

from bot.sandbox.cases.script import (
    INCIDENT,
    Case,
    Command,
    Delete,
    Edit,
    File,
    Narrate,
    React,
    Reply,
    Step,
    Talk,
)

TRACEBACK = """\
note: from canary pod 3, every request ends here
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
dx: shared GRU hands on both directions side by side, 2 x 512 35% impact 4
dx: batch_first got lost when the heads moved to heads.py 15% impact 3
dx: canary pulled the config of the 1024 wide model 10% impact 3"""

SHAPES = """\
backbone.norm_f      out  (8, 256, 512)
trunk.gru            out  (8, 256, 1024)   bidirectional, hidden 512
heads.self_harm.gru  in   (8, 256, 1024)   input_size 512
heads.violence.gru   in   (8, 256, 1024)   input_size 512
"""

HANDOFF = """\
handoff: @dev sentinel 2.8 canary fails closed since 09:40, 5% of EU traffic, the rest is on 2.7 and fine.
A1 made the heads 1024 wide: no error, but recall gone, so it is reverted. Do not repeat it.
Width is right behind the backbone and doubles in the shared GRU (T1), so B leads.
Nobody has read yet what the old forward() of 2.7 did with the two directions.
If the canary is not back in an hour, squeeze the 2.7 pool and take it out, do not wait for me."""

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
        Step(3.5, "ana", Reply(TRACEBACK)),
        Step(
            3.5,
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
        Step(2.5, "cho", Reply("test: forward hook on each module, print output shapes (5m) @cho for A,B,D")),
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
        Step(
            4.0,
            "ben",
            Reply(
                "outcome: A1 failed recall self_harm 0.41 (2.7: 0.93), violence 0.38 (0.91). 18 tensors "
                "were skipped on load, weight_ih_l0 and weight_ih_l0_reverse of nine heads: "
                "their input weights are random"
            ),
        ),
        Step(
            2.5,
            "ben",
            Reply(
                "note: A1 reverted, canary is back on 2.8.0 and blocks again. "
                "62 requests were judged by untrained heads for 4 minutes"
            ),
        ),
        Step(
            2.0,
            "ana",
            Reply("sev: 1 for 4 minutes the canary let through what 2.7 would have stopped"),
        ),
        Step(
            3.0,
            "cho",
            File(
                "result: T1 positive for B, backbone gives 512, trunk.gru gives 1042. A and D are out",
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
                text="result: T1 positive for B, backbone gives 512, trunk.gru gives 1024. A and D are out",
            ),
        ),
        Step(
            2.5,
            "ana",
            Reply("test: build one head with batch_first=False, same input (5m) @ana for C"),
        ),
        Step(
            3.0,
            "ana",
            Reply(
                "result: T2 negative for C, check_input looks at the last dimension only, same error "
                "both ways"
            ),
        ),
        Step(1.5, "ana", Narrate("Ana's shift ends here. Dev takes over with the cause half known.")),
        Step(1.5, "ana", Reply(HANDOFF)),
        Step(
            4.0,
            "dev",
            Talk(
                "so: canary only, fails closed, 2.7 carries the rest. wider heads load untrained, not again. "
                "the doubling is in the shared GRU. I read the old forward() first, "
                "and the canary goes out in an hour if it is not back. I have it"
            ),
        ),
        Step(2.0, "ana", Command(f"lead {INCIDENT} @dev")),
        Step(2.0, "dev", Reply("test: diff forward() of 2.7 against heads.py (5m) @dev for B")),
        Step(
            3.0,
            "dev",
            Reply(
                "result: T3 positive for B, 2.7 added both directions up before the heads, heads.py does not"
            ),
        ),
        Step(
            2.5,
            "dev",
            Reply(
                "fix: B add states[..., :512] + states[..., 512:] in Trunk.forward, load with strict=True; "
                "expect recall within 1 point of 2.7 within 15m; revert: redeploy 2.7.4\n"
                "if: any recall > 1 point under 2.7 then take the canary out @ben"
            ),
        ),
        Step(3.5, "dev", Reply("vital: blocked=3% error_rate=0.0 canary_share=5% p95=39ms")),
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
                "todo: @ben score the 62 requests again with 2.7 by 18:00\n"
                "todo: @cho refuse a deploy that skips tensors on load by Thursday\n"
                "todo: @dev put the safety set in front of the canary by next week"
            ),
        ),
        Step(
            2.5,
            "dev",
            Command(
                f"resolve {INCIDENT} the refactor dropped the sum of both GRU directions, "
                "so nine heads built for 512 were fed 1024"
            ),
        ),
        Step(1.0, "dev", Narrate("Resolved: the sum is back, and the weights fit as they were trained.")),
    ),
)
