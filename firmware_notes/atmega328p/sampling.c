#include "sampling.h"

#include <avr/interrupt.h>
#include <avr/io.h>
#include <stddef.h>

#define SLOTS 4u
#define SLOT_TICKS (F_CPU / 8u / RATE_HZ / SLOTS) /* timer at F_CPU / 8 */
#define BATCHES 4u                                /* 40 ms until samples are lost */
#define REFERENCE_AVCC _BV(REFS0)

static batch batches[BATCHES];
/* Each counts on for ever and has one writer, and a byte is read and written at once: so no lock. */
static volatile uint8_t filled, released;
static volatile bool wanted, second_began;

static uint16_t next_index;
static uint32_t next_clock_us;
static batch *filling; /* NULL while samples are not kept */
static bool lost;

/* The converter starts when the compare flag rises; entering this interrupt lowers it again. */
EMPTY_INTERRUPT(TIMER1_COMPB_vect)

static void open_batch(uint16_t index, uint32_t clock_us)
{
    if (!wanted)
        return;
    if ((uint8_t)(filled - released) == BATCHES) {
        lost = true;
        return;
    }
    filling = &batches[filled % BATCHES];
    filling->index = index;
    filling->clock_us = clock_us;
    filling->overrun = lost;
    filling->samples = 0;
    lost = false;
}

static void begin_sample(void)
{
    static uint16_t until_second;
    if (filling == NULL)
        open_batch(next_index, next_clock_us);
    next_index++;
    next_clock_us += 1000000u / RATE_HZ;
    if (until_second == 0) {
        second_began = true;
        until_second = RATE_HZ;
    }
    until_second--;
}

static void end_sample(void)
{
    if (++filling->samples == SAMPLES_PER_FRAME) {
        filling = NULL;
        filled++;
    }
}

ISR(ADC_vect)
{
    static uint8_t slot;
    int16_t count = (int16_t)ADC;
    if (slot == 0)
        begin_sample();
    if (filling != NULL && slot < CHANNELS) {
        filling->values[filling->samples][slot] = count;
        if (slot == CHANNELS - 1u)
            end_sample();
    }
    slot = (uint8_t)((slot + 1u) % SLOTS);
    /* The next conversion begins with the next slot, long after this. */
    ADMUX = (uint8_t)(REFERENCE_AVCC | (slot < CHANNELS ? slot : 0u));
}

void sampling_begin(void)
{
    DIDR0 = (1u << CHANNELS) - 1u; /* no digital input on analogue pins: less noise */
    ADMUX = REFERENCE_AVCC;
    ADCSRB = _BV(ADTS2) | _BV(ADTS0); /* triggered by timer 1, compare match B */
    /* Clock F_CPU / 128 = 125 kHz, which full resolution needs (50 to 200 kHz). */
    ADCSRA = _BV(ADEN) | _BV(ADATE) | _BV(ADIE) | _BV(ADPS2) | _BV(ADPS1) | _BV(ADPS0);
    OCR1A = SLOT_TICKS - 1u;
    OCR1B = SLOT_TICKS - 1u;
    TIMSK1 = _BV(OCIE1B);
    TCCR1B = _BV(WGM12) | _BV(CS11); /* counts to OCR1A, F_CPU / 8 */
}

void sampling_run(bool run)
{
    wanted = run;
}

/* What is done with a batch is done between taking and releasing it, not earlier or later, however
 * cleverly the compiler sees through both (Arduino's optimises while linking).
 */
static void keep_order(void)
{
    __asm__ __volatile__("" ::: "memory");
}

const batch *sampling_oldest(void)
{
    bool none = filled == released;
    keep_order();
    return none ? NULL : &batches[released % BATCHES];
}

void sampling_release(void)
{
    keep_order();
    released++;
}

bool sampling_second_began(void)
{
    bool began = second_began;
    if (began)
        second_began = false;
    return began;
}
