"""Puts the stages together: one stream, many streams.

To see how one EMG burst becomes a twitch or something else, read in the order of the data:

1. `detector/stream_detector.py`: samples from gap to gap;
2. `detector/segment.py`: one unbroken stretch, and the order of the judgements;
3. `emg/emg_front.py`: band, hum, energy, and why a burst is not a twitch;
4. `emg/emg_tracker.py`: energy over the noise floor, as spans on two time scales;
5. `noise/noise_floor.py`: the floor and the threshold;
6. `heart/heart_beats.py`: which bursts are heart beats;
7. `bursts/grouping.py`: which spans are one event;
8. `verdict/classification.py`: the kind and the confidence;
9. `verdict/settling.py`: the event is announced, and settled when it is known what came after.

`detect.py` is the public function for arrays. `detector.py` judges several streams together.
"""
