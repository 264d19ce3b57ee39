/* An LSM6DSO accelerometer on the I2C bus of a chip in simavr. */
#ifndef AVR_LSM6DSO_H
#define AVR_LSM6DSO_H

#include <simavr/sim_avr.h>
#include <stddef.h>
#include <stdint.h>

/* `counts` are x y z of its samples from the moment its FIFO is switched on, repeated for ever. */
void lsm6dso_attach(avr_t *chip, const int16_t *counts, size_t samples);

#endif
