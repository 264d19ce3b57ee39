/* How full a lithium polymer cell is, for Bluetooth's battery service (a byte, per cent). */
#ifndef BATTERY_H
#define BATTERY_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* By its voltage under a small load; to within some ten per cent. */
uint8_t battery_percent(uint16_t millivolts);

#ifdef __cplusplus
}
#endif

#endif
