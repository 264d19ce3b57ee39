#include "myoframe.h"

#define VERSION 1u
#define DATA 0u
#define INFO 1u
#define TRAILER 3u /* CRC and the closing 00 */

/* 2.1 without a table: the eight steps of a byte, done at once (the polynomial has few terms). */
static uint16_t crc_of(uint16_t crc, uint8_t byte)
{
    uint8_t x = (uint8_t)((crc >> 8) ^ byte);
    x = (uint8_t)(x ^ (x >> 4));
    return (uint16_t)((uint16_t)(crc << 8) ^ (uint16_t)((uint16_t)x << 12) ^
                      (uint16_t)((uint16_t)x << 5) ^ x);
}

/* 1.2: a 00 is not written; its place takes the distance to the next. */
static void stuff(myoframe *frame, uint8_t byte)
{
    if (byte == 0) {
        *frame->distance = (uint8_t)(frame->next - frame->distance);
        frame->distance = frame->next++;
    } else {
        *frame->next++ = byte;
    }
}

static void put8(myoframe *frame, uint8_t byte)
{
    if (frame->next >= frame->end) {
        frame->overflow = true;
        return;
    }
    frame->crc = crc_of(frame->crc, byte);
    stuff(frame, byte);
}

static void put16(myoframe *frame, uint16_t value)
{
    put8(frame, (uint8_t)value);
    put8(frame, (uint8_t)(value >> 8));
}

static void put32(myoframe *frame, uint32_t value)
{
    put16(frame, (uint16_t)value);
    put16(frame, (uint16_t)(value >> 16));
}

/* 4.4 */
static void put12(myoframe *frame, uint16_t value)
{
    if (frame->half) {
        put8(frame, (uint8_t)(frame->nibble | (uint8_t)((value & 0x0Fu) << 4)));
        put8(frame, (uint8_t)(value >> 4));
    } else {
        put8(frame, (uint8_t)value);
        frame->nibble = (uint8_t)((value >> 8) & 0x0Fu);
    }
    frame->half = !frame->half;
}

static void begin(myoframe *frame, uint8_t *wire, uint16_t capacity, const myoframe_sensor *sensor,
                  uint8_t type, bool overrun)
{
    uint16_t room = capacity < MYOFRAME_WIRE_MAX ? capacity : MYOFRAME_WIRE_MAX;
    frame->wire = wire;
    frame->distance = wire;
    frame->next = wire + 1;
    frame->end = room > TRAILER ? wire + room - TRAILER : wire;
    frame->crc = 0xFFFFu;
    frame->format = sensor->format;
    frame->half = false;
    frame->overflow = false;
    put8(frame, (uint8_t)(VERSION << 6 | (unsigned)type << 4 | (sensor->generation & 0x0Fu)));
    put8(frame, (uint8_t)((unsigned)sensor->format << 6 | (overrun ? 0x20u : 0u) |
                          ((sensor->channels - 1u) & 0x0Fu)));
}

void myoframe_begin(myoframe *frame, uint8_t *wire, uint16_t capacity, const myoframe_sensor *sensor,
                    bool overrun, uint16_t index, uint32_t clock_us)
{
    begin(frame, wire, capacity, sensor, DATA, overrun);
    put16(frame, index);
    put32(frame, clock_us);
}

void myoframe_value(myoframe *frame, int32_t value)
{
    uint32_t bits = (uint32_t)value;
    if (frame->format == MYOFRAME_PACKED12) {
        put12(frame, (uint16_t)bits);
        return;
    }
    put16(frame, (uint16_t)bits);
    if (frame->format == MYOFRAME_INT24)
        put8(frame, (uint8_t)(bits >> 16));
}

uint16_t myoframe_end(myoframe *frame)
{
    uint16_t crc;
    if (frame->half)
        put8(frame, frame->nibble);
    if (frame->overflow)
        return 0;
    crc = frame->crc;
    stuff(frame, (uint8_t)(crc >> 8));
    stuff(frame, (uint8_t)crc);
    *frame->distance = (uint8_t)(frame->next - frame->distance);
    *frame->next++ = 0;
    return (uint16_t)(frame->next - frame->wire);
}

uint16_t myoframe_info(uint8_t *wire, const myoframe_sensor *sensor, bool running)
{
    myoframe frame;
    begin(&frame, wire, MYOFRAME_INFO_WIRE, sensor, INFO, false);
    put32(&frame, sensor->rate_mhz);
    put32(&frame, sensor->mantissa);
    put8(&frame, (uint8_t)sensor->exponent);
    put8(&frame, (uint8_t)((unsigned)sensor->kind << 4 | (sensor->sensor & 0x07u) << 1 |
                           (running ? 1u : 0u)));
    put16(&frame, (uint16_t)sensor->offset);
    put16(&frame, sensor->device);
    return myoframe_end(&frame);
}
