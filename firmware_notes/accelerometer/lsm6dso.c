#include "lsm6dso.h"

#define FIFO_CTRL3 0x09u
#define FIFO_CTRL4 0x0Au
#define WHO_AM_I 0x0Fu
#define CTRL1_XL 0x10u
#define CTRL3_C 0x12u
#define FIFO_STATUS1 0x3Au
#define INTERNAL_FREQ_FINE 0x63u
#define FIFO_DATA_OUT_TAG 0x78u

#define IS_LSM6DSO 0x6Cu
#define RATE_833_HZ 7u
#define RANGE_4_G (2u << 2)
#define WHOLE_VALUES (1u << 6)  /* BDU: a value's two bytes are never of two samples */
#define NEXT_REGISTER (1u << 2) /* IF_INC: addresses count up, in the FIFO they go round */
#define FIFO_OFF 0u
#define FIFO_CONTINUOUS 6u
#define OVERRUN_LATCHED (1u << 3)
#define ACCELEROMETER 2u /* of the tags of FIFO words, in bits 7 to 3 */
#define WORD 7u          /* tag, x, y, z */
#define AT_ONCE 4u       /* 28 bytes: the smallest Arduino I2C buffer holds 32 */

bool lsm6dso_begin(const lsm6dso_bus *bus)
{
    uint8_t who = 0;
    if (!bus->read(bus->context, WHO_AM_I, &who, 1) || who != IS_LSM6DSO)
        return false;
    return bus->write(bus->context, CTRL3_C, WHOLE_VALUES | NEXT_REGISTER) &&
           bus->write(bus->context, FIFO_CTRL4, FIFO_OFF) && /* which empties it */
           bus->write(bus->context, FIFO_CTRL3, RATE_833_HZ) &&
           bus->write(bus->context, CTRL1_XL, RATE_833_HZ << 4 | RANGE_4_G) &&
           bus->write(bus->context, FIFO_CTRL4, FIFO_CONTINUOUS);
}

bool lsm6dso_rate(const lsm6dso_bus *bus, uint32_t *rate_mhz)
{
    uint8_t byte = 0;
    int32_t fine;
    if (!bus->read(bus->context, INTERNAL_FREQ_FINE, &byte, 1))
        return false;
    fine = byte < 128 ? byte : byte - 256;
    /* An eighth of 6667 Hz and so many times 0.15 % of that. */
    *rate_mhz = (uint32_t)(2 * 6667000 + fine * 20001) / 16u;
    return true;
}

bool lsm6dso_waiting(const lsm6dso_bus *bus, uint16_t *samples, bool *overrun)
{
    uint8_t status[2] = {0, 0};
    if (!bus->read(bus->context, FIFO_STATUS1, status, sizeof status))
        return false;
    *samples = (uint16_t)((status[1] & 0x03u) << 8 | status[0]);
    *overrun = (status[1] & OVERRUN_LATCHED) != 0;
    return true;
}

static int16_t value(const uint8_t *low)
{
    uint16_t bits = (uint16_t)(low[0] | low[1] << 8);
    return (int16_t)bits;
}

static bool take_words(const lsm6dso_bus *bus, int16_t (*samples)[3], uint8_t count)
{
    uint8_t words[AT_ONCE * WORD];
    if (!bus->read(bus->context, FIFO_DATA_OUT_TAG, words, (uint8_t)(count * WORD)))
        return false;
    for (uint8_t i = 0; i < count; i++) {
        const uint8_t *word = words + i * WORD;
        if (word[0] >> 3 != ACCELEROMETER)
            return false;
        for (uint8_t axis = 0; axis < 3; axis++)
            samples[i][axis] = value(word + 1 + 2 * axis);
    }
    return true;
}

bool lsm6dso_take(const lsm6dso_bus *bus, int16_t (*samples)[3], uint8_t count)
{
    while (count > 0) {
        uint8_t now = count < AT_ONCE ? count : AT_ONCE;
        if (!take_words(bus, samples, now))
            return false;
        samples += now;
        count = (uint8_t)(count - now);
    }
    return true;
}
