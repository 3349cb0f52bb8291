"""One writer at a time, in the order of asking."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import exc

from bot.store.turns import Turns


def test_whoever_asked_first_is_served_first() -> None:
    turns, served, asked = Turns(patience=5), [], threading.Barrier(2)

    def ask(number: int) -> None:
        asked.wait()
        with turns.mine():
            served.append(number)

    with ThreadPoolExecutor(8) as pool, turns.mine():
        for number in range(8):
            pool.submit(ask, number)
            asked.wait()
            _until(turns, waiting=number + 1)
    assert served == list(range(8))


def test_whoever_waits_too_long_gives_up_and_holds_up_nobody() -> None:
    turns = Turns(patience=0.01)

    with turns.mine(), pytest.raises(exc.TimeoutError), ThreadPoolExecutor(1) as pool:
        pool.submit(_take, turns).result()

    _take(turns)


def test_a_turn_that_ends_in_an_error_is_handed_over() -> None:
    turns = Turns(patience=0.01)

    with pytest.raises(ValueError, match="broken"), turns.mine():
        raise ValueError("broken")

    _take(turns)


def _take(turns: Turns) -> None:
    with turns.mine():
        pass


def _until(turns: Turns, *, waiting: int) -> None:
    """Wait until so many stand in line."""
    pause = threading.Event()
    for _ in range(1000):
        if turns.waiting == waiting:
            return
        pause.wait(0.001)
    raise AssertionError(f"{turns.waiting} wait, not {waiting}")
