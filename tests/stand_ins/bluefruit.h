// As much of Adafruit's nRF52 core 1 and Nordic's registers as our sketch names, by their headers:
// declared, not there. It shows that the sketch is C++ and uses these as they are declared, no more.
#pragma once
#include <Arduino.h>

struct Saadc {
  volatile uint32_t TASKS_START, TASKS_SAMPLE, EVENTS_STARTED, EVENTS_END, INTENSET, ENABLE,
      RESOLUTION;
  struct {
    volatile uint32_t PSELP, CONFIG;
  } CH[8];
  struct {
    volatile uint32_t PTR, MAXCNT;
  } RESULT;
};
struct Timer {
  volatile uint32_t TASKS_START, EVENTS_COMPARE[6], SHORTS, BITMODE, PRESCALER, CC[6];
};
struct Ppi {
  volatile uint32_t CHENSET;
  struct {
    volatile uint32_t EEP, TEP;
  } CH[20];
};
extern Saadc *const NRF_SAADC;
extern Timer *const NRF_TIMER3;
extern Ppi *const NRF_PPI;
enum { SAADC_IRQn = 7 };
void NVIC_SetPriority(int interrupt, uint32_t priority);
void NVIC_EnableIRQ(int interrupt);
uint32_t sd_clock_hfclk_request();

#define SAADC_CH_CONFIG_GAIN_Gain1_6 0u
#define SAADC_CH_CONFIG_GAIN_Pos 8u
#define SAADC_CH_CONFIG_TACQ_10us 2u
#define SAADC_CH_CONFIG_TACQ_Pos 16u
#define SAADC_RESOLUTION_VAL_12bit 2u
#define SAADC_INTENSET_STARTED_Msk 1u
#define SAADC_INTENSET_END_Msk 2u
#define TIMER_BITMODE_BITMODE_32Bit 3u
#define TIMER_SHORTS_COMPARE0_CLEAR_Msk 1u
#define BLE_GAP_PHY_2MBPS 2
#define BLE_GAP_ROLE_PERIPH 1
#define BLE_GAP_ADV_FLAGS_LE_ONLY_GENERAL_DISC_MODE 6

enum SecureMode_t { SECMODE_NO_ACCESS = 0x00, SECMODE_OPEN = 0x11, SECMODE_ENC_NO_MITM = 0x21 };
enum { CHR_PROPS_WRITE_WO_RESP = 4, CHR_PROPS_WRITE = 8, CHR_PROPS_NOTIFY = 16 };
enum { BANDWIDTH_MAX = 4 };

extern const uint8_t BLEUART_UUID_SERVICE[], BLEUART_UUID_CHR_RXD[], BLEUART_UUID_CHR_TXD[];

struct BLEUuid {
  BLEUuid(const uint8_t uuid[]);
};

class BLEService {
public:
  BLEService(BLEUuid uuid);
  uint32_t begin();
};

class BLEBas {
public:
  uint32_t begin();
  bool notify(uint8_t level);
};

class BLECharacteristic {
public:
  BLECharacteristic(BLEUuid uuid);
  void setProperties(uint8_t properties);
  void setPermission(SecureMode_t read, SecureMode_t write);
  void setMaxLen(uint16_t length);
  void setWriteCallback(void (*run)(uint16_t, BLECharacteristic *, uint8_t *, uint16_t),
                        bool deferred = true);
  void setCccdWriteCallback(void (*run)(uint16_t, BLECharacteristic *, uint16_t),
                            bool deferred = true);
  uint32_t begin();
  bool notify(const void *data, uint16_t length);
};

class BLEConnection {
public:
  uint16_t getMtu();
  bool requestPHY(uint8_t phy);
  bool requestConnectionParameter(uint16_t interval, uint16_t latency, uint16_t timeout);
  bool requestPairing();
};

struct BLEAdvertising {
  bool addFlags(uint8_t flags);
  bool addName();
  bool addService(BLEService &service);
  void setInterval(uint16_t fast, uint16_t slow);
  void restartOnDisconnect(bool enable);
  bool start(uint16_t timeout);
};

struct BLEPeriph {
  void setConnectCallback(void (*run)(uint16_t));
  void setDisconnectCallback(void (*run)(uint16_t, uint8_t));
};

struct AdafruitBluefruit {
  BLEAdvertising Advertising;
  BLEPeriph Periph;
  void configPrphBandwidth(uint8_t bandwidth);
  bool begin(uint8_t peripherals = 1, uint8_t centrals = 0);
  void setName(const char *name);
  uint16_t getMaxMtu(uint8_t role);
  BLEConnection *Connection(uint16_t link);
};
extern AdafruitBluefruit Bluefruit;
