/* Makes myoframe frames of what the accelerometer measured; clauses of ../packet_format.md.
 *
 * The board calls `sender_poll` more often than every half second and sends what it gives.
 */
#ifndef SENDER_H
#define SENDER_H

#include <stdbool.h>
#include <stdint.h>

#include "lsm6dso.h"
#include "myoframe.h"

#ifdef __cplusplus
extern "C" {
#endif

#define SENDER_SAMPLES 16u /* a frame: 19 ms (clause 8.2) */
#define SENDER_WIRE (MYOFRAME_DATA_WIRE(SENDER_SAMPLES * 6u) + 1u + MYOFRAME_INFO_WIRE)

typedef struct {
    lsm6dso_bus bus;
    myoframe_sensor sensor;
    bool running;
    bool info_due;
    bool lost;         /* samples, since the last frame (5.5) */
    bool uncertain;    /* how many were taken, since the bus failed */
    uint16_t index;    /* of the oldest sample that waits */
    uint16_t left;     /* samples that waited when last asked */
    uint32_t asked_us; /* when that was */
    uint32_t info_us;  /* when the last INFO was made */
} sender;

/* Begin to sample. Gives false if the chip does not answer. */
bool sender_begin(sender *s, const lsm6dso_bus *bus, uint16_t device, uint32_t now_us);

/* A byte that came from the receiver (7). */
void sender_command(sender *s, uint8_t command);

/* Whatever is due now, written into SENDER_WIRE bytes; gives their number. */
uint16_t sender_poll(sender *s, uint8_t *wire, uint32_t now_us);

#ifdef __cplusplus
}
#endif

#endif
