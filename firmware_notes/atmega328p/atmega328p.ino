// For the Arduino IDE, which wants a file of this name. The program is in the C files beside, and
// what can be chosen is in settings.h. Copy ../encoder/myoframe.h and myoframe.c into this folder first.
