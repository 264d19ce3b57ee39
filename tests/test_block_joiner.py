import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from myowatch.acquisition.recorder.intake import BlockJoiner
from myowatch.signal.model.samples import Modality, SampleBlock, Stream, Unit

EMG = Stream("EMG", Modality.EMG, Unit.MICROVOLT, 1000.0, ("EMG",), 0.025)


@given(lengths=st.lists(st.integers(1, 300), max_size=40), gap_at=st.integers(0, 40))
def test_joined_blocks_keep_every_sample(lengths: list[int], gap_at: int) -> None:
    joiner, end = BlockJoiner(EMG), 0
    given_out: list[SampleBlock] = []
    expected: dict[int, float] = {}
    for number, length in enumerate(lengths):
        first = end + (50 if number == gap_at else 0)
        samples = np.arange(first, first + length, dtype=float)[:, np.newaxis]
        expected |= dict(enumerate(samples[:, 0], first))
        given_out += joiner.add(SampleBlock(EMG, first, samples))
        end = first + length
    held = joiner.remaining()
    assert sum(map(len, held)) < 400
    joined = {
        block.first_sample + n: x
        for block in given_out + held
        for n, x in enumerate(block.samples[:, 0])
    }
    assert joined == expected
    cut_off = {first - 50 for first in (b.first_sample for b in given_out + held)}
    assert all(len(b) >= 100 or b.end_sample in cut_off for b in given_out)
