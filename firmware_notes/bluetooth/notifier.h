/* Samples to notifications of Nordic's UART service, whatever radio and chip; clauses of
 * ../packet_format.md, and B clauses of ../bluetooth.md.
 *
 * C99, freestanding: no library, no allocation. Three contexts may share it, and none waits for
 * another: one that takes samples (an interrupt, or a task of its own), one in which the radio's
 * stack tells what happened, and one that polls.
 */
#ifndef NOTIFIER_H
#define NOTIFIER_H

#include <stdbool.h>
#include <stdint.h>

#include "myoframe.h"

#ifdef __cplusplus
extern "C" {
#endif

#ifndef NOTIFIER_FRAMES
#define NOTIFIER_FRAMES 32u /* a power of two; of 20 ms each, so 0.6 s, for 8 kB (B3.3) */
#endif

/* Where notifications go. Gives false if the radio's own queue is full: it is tried again. */
typedef struct {
    bool (*notify)(void *context, const uint8_t *bytes, uint16_t length);
    void *context;
} notifier_radio;

typedef struct {
    uint8_t wire[MYOFRAME_WIRE_MAX];
    uint16_t length;
} notifier_frame;

typedef struct {
    myoframe_sensor sensor;
    notifier_radio radio;
    notifier_frame frames[NOTIFIER_FRAMES];
    /* Written by one context, read by others; counts go on for ever. */
    uint32_t filled;        /* frames */
    uint32_t released;      /* frames */
    uint32_t keep;          /* whether samples are wanted */
    uint32_t frame_samples; /* of a frame that is begun now (B3.1) */
    uint32_t lost_samples;  /* for which there was no room, or which came too late */
    uint32_t payload;       /* bytes of a notification, at most */
    uint32_t subscriptions; /* changes of it; odd while somebody listens */
    uint32_t commanded;     /* bytes */
    uint8_t commands[8];    /* the latest of them */
    /* Of the context that takes samples. */
    myoframe open;
    bool is_open;
    bool lost; /* samples, since the last frame (5.5) */
    uint8_t samples;
    uint16_t index;
    /* Of the context that polls. */
    uint32_t subscription; /* that is served */
    uint32_t obeyed;       /* bytes */
    bool running;
    bool info_due;
    bool begin_due; /* the 00 of 1.5 */
    uint16_t sent;  /* bytes of the frame that is being sent */
    uint32_t info_us;
} notifier;

/* Begin stopped and without a subscriber; the index of the first sample is 0. */
void notifier_begin(notifier *n, const myoframe_sensor *sensor, notifier_radio radio);

/* A sample: a value of each channel, taken at this time since power-up. */
void notifier_sample(notifier *n, const int32_t *values, uint32_t clock_us);

/* So many samples were due and could not be taken. */
void notifier_missed(notifier *n, uint16_t samples);

/* Told by the radio: another MTU was agreed on, 23 or more. */
void notifier_mtu(notifier *n, uint16_t att_mtu);

/* Told by the radio: somebody subscribed, or no longer. A connection's end is the latter. */
void notifier_subscribed(notifier *n, bool subscribed);

/* Told by the radio: the receiver wrote these bytes (7). */
void notifier_command(notifier *n, const uint8_t *bytes, uint16_t length);

/* Send what is due, as far as the radio takes it; to be called every few milliseconds. */
void notifier_poll(notifier *n, uint32_t now_us);

/* Samples of a frame, for a payload of so many bytes (B3.1). */
uint8_t notifier_frame_samples(const myoframe_sensor *sensor, uint16_t payload);

#ifdef __cplusplus
}
#endif

#endif
