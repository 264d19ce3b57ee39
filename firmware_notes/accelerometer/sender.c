#include "sender.h"

#define SECOND_US 1000000u
#define DATA_WIRE MYOFRAME_DATA_WIRE(6u * SENDER_SAMPLES)

/* How many samples the chip takes in this time, to the nearest. */
static uint32_t samples_in(const sender *s, uint32_t us)
{
    return (uint32_t)(((uint64_t)us * s->sensor.rate_mhz + 500000000u) / 1000000000u);
}

static uint32_t duration_us(const sender *s, uint16_t samples)
{
    return (uint32_t)((uint64_t)samples * 1000000000u / s->sensor.rate_mhz);
}

bool sender_begin(sender *s, const lsm6dso_bus *bus, uint16_t device, uint32_t now_us)
{
    myoframe_sensor sensor = {0, 3, MYOFRAME_INT16, MYOFRAME_ACCELEROMETER_G, 0, 0, LSM6DSO_MICRO_G,
                              -6, 0, 0};
    sensor.device = device;
    s->bus = *bus;
    s->sensor = sensor;
    s->running = false;
    s->info_due = true;
    s->lost = false;
    s->uncertain = false;
    s->index = 0;
    s->left = 0;
    s->asked_us = now_us;
    s->info_us = now_us;
    return lsm6dso_begin(bus) && lsm6dso_rate(bus, &s->sensor.rate_mhz);
}

void sender_command(sender *s, uint8_t command)
{
    if (command == 'S' || command == 'P')
        s->running = command == 'S';
    if (command == 'S' || command == 'I')
        s->info_due = true;
}

/* Estimate the samples that were overwritten or lost on the bus from the elapsed time. */
static void count_lost(sender *s, uint16_t waiting, uint32_t now_us)
{
    uint32_t taken = s->left + samples_in(s, now_us - s->asked_us);
    if (taken > waiting)
        s->index = (uint16_t)(s->index + (taken - waiting));
    s->lost = true;
    s->uncertain = false;
}

static uint16_t data_frame(sender *s, uint8_t *wire, uint16_t waiting, uint32_t now_us)
{
    int16_t samples[SENDER_SAMPLES][3];
    uint16_t index = s->index;
    myoframe frame;
    if (!lsm6dso_take(&s->bus, samples, SENDER_SAMPLES)) {
        s->uncertain = true;
        return 0;
    }
    s->index = (uint16_t)(index + SENDER_SAMPLES);
    s->left = (uint16_t)(waiting - SENDER_SAMPLES);
    if (!s->running)
        return 0;
    myoframe_begin(&frame, wire, DATA_WIRE, &s->sensor, s->lost, index,
                   now_us - duration_us(s, waiting));
    for (uint8_t i = 0; i < SENDER_SAMPLES; i++)
        for (uint8_t axis = 0; axis < 3; axis++)
            myoframe_value(&frame, samples[i][axis]);
    s->lost = false;
    return myoframe_end(&frame);
}

static uint16_t info_frame(sender *s, uint8_t *wire, uint32_t now_us)
{
    s->info_due = false;
    s->info_us = now_us;
    wire[0] = 0; /* ends whatever the line picked up before (1.5); otherwise it means nothing (1.4) */
    return (uint16_t)(1u + myoframe_info(wire + 1, &s->sensor, s->running));
}

uint16_t sender_poll(sender *s, uint8_t *wire, uint32_t now_us)
{
    uint16_t waiting = 0, length = 0;
    bool overrun = false;
    if (s->info_due || now_us - s->info_us >= SECOND_US)
        length = info_frame(s, wire, now_us);
    if (!lsm6dso_waiting(&s->bus, &waiting, &overrun))
        return length;
    if (overrun || s->uncertain)
        count_lost(s, waiting, now_us);
    s->left = waiting;
    s->asked_us = now_us;
    if (waiting >= SENDER_SAMPLES)
        length = (uint16_t)(length + data_frame(s, wire + length, waiting, now_us));
    return length;
}
