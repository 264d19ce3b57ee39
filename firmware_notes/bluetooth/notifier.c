#include "notifier.h"

#define SECOND_US 1000000u
#define SPANS 50u         /* that a second has of 20 ms, which a frame may last (8.2) */
#define SMALLEST_MTU 23u  /* that every radio has */
#define ATT_HEADER 3u

/* What one context has written before a store is what the other sees after its load. */
#define LOAD(from) __atomic_load_n(&(from), __ATOMIC_ACQUIRE)
#define STORE(to, value) __atomic_store_n(&(to), (value), __ATOMIC_RELEASE)

static uint32_t wire_of(const myoframe_sensor *sensor, uint32_t samples)
{
    uint32_t values = samples * sensor->channels;
    if (sensor->format == MYOFRAME_PACKED12)
        return MYOFRAME_DATA_WIRE((3u * values + 1u) / 2u);
    return MYOFRAME_DATA_WIRE(values * (sensor->format == MYOFRAME_INT24 ? 3u : 2u));
}

static bool fits(const myoframe_sensor *sensor, uint32_t samples)
{
    return wire_of(sensor, samples) <= MYOFRAME_WIRE_MAX &&
           samples * SPANS * 1000u <= sensor->rate_mhz;
}

uint8_t notifier_frame_samples(const myoframe_sensor *sensor, uint16_t payload)
{
    uint32_t best = 1, best_parts = 0;
    for (uint32_t samples = 1; samples == 1 || fits(sensor, samples); samples++) {
        uint32_t parts = (wire_of(sensor, samples) + payload - 1u) / payload;
        if (parts * best <= best_parts * samples || samples == 1) {
            best = samples;
            best_parts = parts;
        }
    }
    return (uint8_t)best;
}

void notifier_begin(notifier *n, const myoframe_sensor *sensor, notifier_radio radio)
{
    n->sensor = *sensor;
    n->radio = radio;
    n->filled = 0;
    n->released = 0;
    n->keep = false;
    n->lost_samples = 0;
    n->subscriptions = 0;
    n->commanded = 0;
    n->is_open = false;
    n->lost = false;
    n->samples = 0;
    n->index = 0;
    n->subscription = 0;
    n->obeyed = 0;
    n->running = false;
    n->info_due = false;
    n->begin_due = false;
    n->sent = 0;
    n->info_us = 0;
    notifier_mtu(n, SMALLEST_MTU);
}

/* --- taking samples */

static notifier_frame *newest(notifier *n)
{
    return &n->frames[n->filled % NOTIFIER_FRAMES];
}

static void lose(notifier *n, uint32_t samples)
{
    n->lost = true;
    STORE(n->lost_samples, n->lost_samples + samples);
}

static void open_frame(notifier *n, uint32_t clock_us)
{
    if (!LOAD(n->keep))
        return;
    if (n->filled - LOAD(n->released) == NOTIFIER_FRAMES) {
        lose(n, 1);
        return;
    }
    myoframe_begin(&n->open, newest(n)->wire, MYOFRAME_WIRE_MAX, &n->sensor, n->lost, n->index,
                   clock_us);
    n->is_open = true;
    n->lost = false;
    n->samples = 0;
}

static void close_frame(notifier *n)
{
    newest(n)->length = myoframe_end(&n->open);
    n->is_open = false;
    STORE(n->filled, n->filled + 1u);
}

void notifier_sample(notifier *n, const int32_t *values, uint32_t clock_us)
{
    if (!n->is_open)
        open_frame(n, clock_us);
    n->index++;
    if (!n->is_open)
        return;
    for (uint8_t c = 0; c < n->sensor.channels; c++)
        myoframe_value(&n->open, values[c]);
    if (++n->samples >= LOAD(n->frame_samples))
        close_frame(n);
}

void notifier_missed(notifier *n, uint16_t samples)
{
    if (samples == 0)
        return;
    if (n->is_open)
        close_frame(n); /* samples of a frame follow each other (4.2) */
    n->index = (uint16_t)(n->index + samples);
    if (LOAD(n->keep))
        lose(n, samples);
}

/* --- told by the radio */

void notifier_mtu(notifier *n, uint16_t att_mtu)
{
    uint16_t payload = (uint16_t)(att_mtu - ATT_HEADER);
    STORE(n->payload, payload);
    STORE(n->frame_samples, notifier_frame_samples(&n->sensor, payload));
}

void notifier_subscribed(notifier *n, bool subscribed)
{
    if ((n->subscriptions & 1u) != (subscribed ? 1u : 0u))
        STORE(n->subscriptions, n->subscriptions + 1u);
    if (!subscribed)
        notifier_mtu(n, SMALLEST_MTU); /* until the next connection agrees on more */
}

void notifier_command(notifier *n, const uint8_t *bytes, uint16_t length)
{
    for (uint16_t i = 0; i < length; i++) {
        n->commands[n->commanded % sizeof n->commands] = bytes[i];
        STORE(n->commanded, n->commanded + 1u);
    }
}

/* --- sending */

static bool is_subscribed(const notifier *n)
{
    return n->subscription & 1u;
}

static void serve(notifier *n, uint32_t subscription)
{
    n->subscription = subscription;
    n->running = false; /* B2.3 */
    n->begin_due = true;
    n->info_due = true;
    n->sent = 0;
    STORE(n->released, LOAD(n->filled)); /* what waited was for somebody who is gone */
}

/* Clause 7.2. */
static void obey(notifier *n, uint8_t command)
{
    if (command == 'S' || command == 'P')
        n->running = command == 'S' && is_subscribed(n);
    if (command == 'S' || command == 'I')
        n->info_due = true;
}

static void heed(notifier *n)
{
    uint32_t subscription = LOAD(n->subscriptions), commanded = LOAD(n->commanded);
    if (subscription != n->subscription)
        serve(n, subscription);
    if (commanded - n->obeyed > sizeof n->commands)
        n->obeyed = commanded - (uint32_t)sizeof n->commands;
    for (; n->obeyed != commanded; n->obeyed++)
        obey(n, n->commands[n->obeyed % sizeof n->commands]);
    STORE(n->keep, n->running);
}

static bool notify(notifier *n, const uint8_t *bytes, uint16_t length)
{
    return n->radio.notify(n->radio.context, bytes, length);
}

static bool send_begin(notifier *n)
{
    const uint8_t end_of_frame = 0;
    n->begin_due = !notify(n, &end_of_frame, 1);
    return !n->begin_due;
}

static bool send_info(notifier *n, uint32_t now_us)
{
    uint8_t wire[MYOFRAME_INFO_WIRE];
    uint16_t length = myoframe_info(wire, &n->sensor, n->running);
    if (!notify(n, wire, length))
        return false;
    n->info_due = false;
    n->info_us = now_us;
    return true;
}

/* The next bytes of the oldest frame; a notification never holds those of two (B3.2). */
static bool send_part(notifier *n)
{
    const notifier_frame *oldest = &n->frames[n->released % NOTIFIER_FRAMES];
    uint16_t length = (uint16_t)(oldest->length - n->sent), most = (uint16_t)LOAD(n->payload);
    if (length > most)
        length = most;
    if (!notify(n, oldest->wire + n->sent, length))
        return false;
    n->sent = (uint16_t)(n->sent + length);
    if (n->sent == oldest->length) {
        n->sent = 0;
        STORE(n->released, n->released + 1u);
    }
    return true;
}

static bool send_next(notifier *n, uint32_t now_us)
{
    if (n->begin_due)
        return send_begin(n);
    if (n->info_due && n->sent == 0)
        return send_info(n, now_us);
    return n->released != LOAD(n->filled) && send_part(n);
}

void notifier_poll(notifier *n, uint32_t now_us)
{
    heed(n);
    if (!is_subscribed(n))
        return;
    if (now_us - n->info_us >= SECOND_US)
        n->info_due = true;
    while (send_next(n, now_us))
        continue;
}
