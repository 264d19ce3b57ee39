/* Samples all channels 1000 times a second, timed by hardware alone.
 *
 * Timer 1 divides each millisecond into four slots and triggers the converter at each slot's
 * beginning; channel c is converted in slot c. So channel c is sampled 250 us x c after channel 0,
 * always, and no interrupt that comes late can shift it.
 */
#ifndef SAMPLING_H
#define SAMPLING_H

#include <stdbool.h>
#include <stdint.h>

#include "settings.h"

#define RATE_HZ 1000u

/* Samples that followed each other without a loss. */
typedef struct {
    uint16_t index;    /* of the first sample (clause 5.1) */
    uint32_t clock_us; /* at the first sample (5.3) */
    bool overrun;      /* samples were lost just before it (5.5) */
    uint8_t samples;
    int16_t values[SAMPLES_PER_FRAME][CHANNELS];
} batch;

/* Set up timer and converter. Index and clock begin at 0 and run until power-down. */
void sampling_begin(void);

/* Begin or end keeping samples; a batch that was begun is filled. */
void sampling_run(bool wanted);

/* The oldest full batch, or NULL; it stays valid until it is released. */
const batch *sampling_oldest(void);
void sampling_release(void);

/* Whether a second has begun since this was last asked. */
bool sampling_second_began(void);

#endif
