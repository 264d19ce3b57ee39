/* Encoder of myoframe version 1; clause numbers are those of ../packet_format.md.
 *
 * C99, freestanding: no library, no allocation, no division, no table, no state but the caller's.
 */
#ifndef MYOFRAME_H
#define MYOFRAME_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define MYOFRAME_WIRE_MAX 256u /* 1.3 */
#define MYOFRAME_INFO_WIRE 20u /* 8.3 */
/* What a DATA frame whose samples take so many bytes occupies on the wire (8.1). */
#define MYOFRAME_DATA_WIRE(sample_bytes) (12u + (sample_bytes))

typedef enum { /* 4.3 */
    MYOFRAME_INT16 = 0,
    MYOFRAME_PACKED12 = 1,
    MYOFRAME_INT24 = 2
} myoframe_format;

typedef enum { /* 6.2 */
    MYOFRAME_EMG_COUNTS = 0,
    MYOFRAME_EMG_VOLT = 1,
    MYOFRAME_ACCELEROMETER_G = 2
} myoframe_kind;

/* One sensor, as its INFO tells (6). */
typedef struct {
    uint8_t generation; /* 0 to 15; another when anything below changes (3.4) */
    uint8_t channels;   /* 1 to 16 */
    myoframe_format format;
    myoframe_kind kind;
    uint8_t sensor;       /* 0 to 7, its number among the board's EMG sensors or accelerometers */
    uint32_t rate_mhz;    /* samples in 1000 seconds */
    uint32_t mantissa;    /* a count is mantissa x 10^exponent V or g (6.1) */
    int8_t exponent;
    int16_t offset;       /* the count that means zero */
    uint16_t device;      /* id of the board */
} myoframe_sensor;

/* A frame being written; the fields are the encoder's own. */
typedef struct {
    uint8_t *wire;
    uint8_t *next;
    uint8_t *end;      /* no raw byte may be written from here on */
    uint8_t *distance; /* the COBS byte whose value the next 00 will give */
    uint16_t crc;
    myoframe_format format;
    uint8_t nibble;    /* low half of a byte that waits for its high half (4.4) */
    bool half;
    bool overflow;
} myoframe;

/* Write a whole INFO frame (6) into at least MYOFRAME_INFO_WIRE bytes; gives their number. */
uint16_t myoframe_info(uint8_t *wire, const myoframe_sensor *sensor, bool running);

/* Begin a DATA frame (4) in `wire`, which has room for `capacity` bytes.
 *
 * `index` and `clock_us` belong to its first sample (5.1, 5.3); `overrun` says that the board
 * lost samples just before it (5.5).
 */
void myoframe_begin(myoframe *frame, uint8_t *wire, uint16_t capacity, const myoframe_sensor *sensor,
                    bool overrun, uint16_t index, uint32_t clock_us);

/* Append one value in the sensor's format; its low bits are taken. */
void myoframe_value(myoframe *frame, int32_t value);

/* Close the frame. Gives its bytes on the wire, or 0 if it did not fit and must not be sent. */
uint16_t myoframe_end(myoframe *frame);

#ifdef __cplusplus
}
#endif

#endif
