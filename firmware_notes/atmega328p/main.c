/* Arduino Uno or Nano (ATmega328P at 16 MHz): up to four amplified EMG signals at A0 to A3, sampled
 * at 1 kHz and sent as myoframe over the USB serial line.
 */
#include <avr/interrupt.h>
#include <avr/sleep.h>
#include <stddef.h>

#include "line.h"
#include "myoframe.h"
#include "sampling.h"
#include "settings.h"

#define FRAME_MAX MYOFRAME_DATA_WIRE(2u * CHANNELS * SAMPLES_PER_FRAME)

/* A count is 5 V / 1024 at the pin, and that divided by the gain at the electrodes. */
static const myoframe_sensor emg = {
    .generation = 0,
    .channels = CHANNELS,
    .format = MYOFRAME_INT16,
    .kind = GAIN ? MYOFRAME_EMG_VOLT : MYOFRAME_EMG_COUNTS,
    .sensor = 0,
    .rate_mhz = RATE_HZ * 1000UL,
    .mantissa = GAIN ? 48828125000ULL / (GAIN ? GAIN : 1) : 1,
    .exponent = GAIN ? -13 : 0,
    .offset = 512,
    .device = DEVICE_ID,
};

static bool running, info_due;

/* Clause 7.2. */
static void obey(uint8_t command)
{
    if (command == 'S' || command == 'P')
        running = command == 'S';
    if (command == 'S' || command == 'I')
        info_due = true;
    sampling_run(running);
}

static void send_info(void)
{
    uint8_t bytes[1 + MYOFRAME_INFO_WIRE];
    bytes[0] = 0; /* ends whatever the line picked up before (1.5); otherwise it means nothing (1.4) */
    myoframe_info(bytes + 1, &emg, running);
    if (line_send(bytes, sizeof bytes))
        info_due = false;
}

static void send_batch(const batch *full)
{
    uint8_t bytes[FRAME_MAX];
    myoframe frame;
    myoframe_begin(&frame, bytes, sizeof bytes, &emg, full->overrun, full->index, full->clock_us);
    for (uint8_t i = 0; i < full->samples; i++)
        for (uint8_t c = 0; c < CHANNELS; c++)
            myoframe_value(&frame, full->values[i][c]);
    if (line_send(bytes, (uint8_t)myoframe_end(&frame)))
        sampling_release();
}

int main(void)
{
    line_begin();
    sampling_begin();
    sei();
    for (;;) {
        const batch *full = sampling_oldest();
        obey(line_command());
        if (sampling_second_began())
            info_due = true;
        if (full != NULL)
            send_batch(full);
        if (info_due)
            send_info();
        sleep_mode(); /* idle; the next slot begins within 250 us and wakes it */
    }
}
