#include "battery.h"

#define EMPTY 3300u
#define FLAT_BEGINS 3600u /* below it the voltage falls fast */
#define FULL 4200u
#define AT_FLAT 10u /* per cent */

uint8_t battery_percent(uint16_t millivolts)
{
    if (millivolts <= EMPTY)
        return 0;
    if (millivolts <= FLAT_BEGINS)
        return (uint8_t)((millivolts - EMPTY) * AT_FLAT / (FLAT_BEGINS - EMPTY));
    if (millivolts >= FULL)
        return 100;
    return (uint8_t)(AT_FLAT + (millivolts - FLAT_BEGINS) * (100u - AT_FLAT) / (FULL - FLAT_BEGINS));
}
