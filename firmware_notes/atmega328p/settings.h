/* What a builder chooses; `make CHANNELS=4 GAIN=2420` sets these from outside. */
#ifndef SETTINGS_H
#define SETTINGS_H

#ifndef CHANNELS
#define CHANNELS 1 /* A0 on; 1 to 4 */
#endif
#ifndef BAUD
#define BAUD 115200UL
#endif
#ifndef GAIN
#define GAIN 0 /* of the amplifier, from electrodes to pin, 12 or more; 0 if it is not known */
#endif
#ifndef DEVICE_ID
#define DEVICE_ID 0
#endif

#if CHANNELS < 1 || CHANNELS > 4
#error "need 1 to 4 channels: four conversions are what fits into a millisecond here"
#endif
#if GAIN && GAIN < 12
#error "a gain below 12 is too small for EMG and for the INFO frame"
#endif

#define SAMPLES_PER_FRAME 10u /* 10 ms: a live view lags no more (clause 8.2) */

#endif
