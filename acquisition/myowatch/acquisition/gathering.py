"""Blocks joined to ones that are worth the trouble of taking them in.

Devices send a few milliseconds at a time, and each call of filters and files costs as much as a
hundred samples. How samples are cut into blocks changes nothing in what is found.
"""

import numpy as np

from myowatch.signal.samples import SampleBlock, Stream

GATHER_S = 0.2
"""As long as detection lets samples wait: a twitch is in the store 0.4 s after its end."""


class Gathering:
    """Joins the blocks of one stream until there is enough of the signal to be worth the work."""

    def __init__(self, stream: Stream) -> None:
        self._wanted = GATHER_S * stream.sampling_rate
        self._blocks: list[SampleBlock] = []

    def add(self, block: SampleBlock) -> list[SampleBlock]:
        """Take in a block; give what is long enough, or is cut off by a gap."""
        ready = []
        if self._blocks and self._blocks[-1].end_sample != block.first_sample:
            ready = self.rest()
        self._blocks.append(block)
        if block.end_sample - self._blocks[0].first_sample >= self._wanted:
            ready += self.rest()
        return ready

    def rest(self) -> list[SampleBlock]:
        """Give what is left."""
        blocks, self._blocks = self._blocks, []
        if len(blocks) <= 1:
            return blocks
        samples = np.concatenate([block.samples for block in blocks])
        return [SampleBlock(blocks[0].stream, blocks[0].first_sample, samples)]
