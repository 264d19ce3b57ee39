"""How strong the noise is, and when it is too strong.

`noise_floor.py` is for EMG and for the heart stage, `rest_floor.py` for a limb at rest.
"""
