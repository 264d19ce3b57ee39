/* The accelerometer of an ST LSM6DSO, read through its FIFO over whatever bus the board has.
 *
 * Registers by the chip's data sheet (ST DS12140).
 */
#ifndef LSM6DSO_H
#define LSM6DSO_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define LSM6DSO_FIFO_WORDS 512u /* samples that it keeps for us: 0.6 s */

/* +-4 g: a leg kicks with more than 2 g now and then, and noise is the same. */
#define LSM6DSO_MICRO_G 122u

/* How the board talks to the chip; each gives false if the chip did not answer. */
typedef struct {
    bool (*read)(void *context, uint8_t address, uint8_t *bytes, uint8_t length);
    bool (*write)(void *context, uint8_t address, uint8_t value);
    void *context;
} lsm6dso_bus;

/* Begin to sample at 833 Hz into an empty FIFO. Gives false if this is no LSM6DSO. */
bool lsm6dso_begin(const lsm6dso_bus *bus);

/* The rate of this very chip, in mHz: its oscillator is off by some per cent and it knows by how much. */
bool lsm6dso_rate(const lsm6dso_bus *bus, uint32_t *rate_mhz);

/* How many samples wait, and whether some were overwritten since this was last asked. */
bool lsm6dso_waiting(const lsm6dso_bus *bus, uint16_t *samples, bool *overrun);

/* Take the oldest samples, x y z each; as many must be waiting. */
bool lsm6dso_take(const lsm6dso_bus *bus, int16_t (*samples)[3], uint8_t count);

#ifdef __cplusplus
}
#endif

#endif
