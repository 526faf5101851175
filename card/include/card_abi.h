/*
 * What card, host and merchant must agree on: application identifier,
 * instructions, tags, file identifiers, status words and limits.
 * docs/card-profile.md explains them.
 */
#ifndef CARD_ABI_H
#define CARD_ABI_H

/* Application identifier: proprietary (ISO/IEC 7816-5), version 0001. */
#define CARD_AID                                                               \
	{                                                                      \
		0xF0, 0x5A, 0x3C, 0x91, 0xE7, 0x42, 0xB8, 0x0D, 0x6F, 0x00,    \
		        0x01                                                   \
	}
#define CARD_AID_LEN 11
/* Issuer security domain (GlobalPlatform), for personalisation tools. */
#define CARD_ISD_AID                                                           \
	{                                                                      \
		0xA0, 0x00, 0x00, 0x01, 0x51, 0x00, 0x00, 0x00                 \
	}
#define CARD_ISD_AID_LEN 8

enum card_cla {
	CARD_CLA_ISO = 0x00,
	CARD_CLA_GP = 0x80,
	CARD_CLA_SECURE = 0x04, /* bit set on either under secure messaging */
	CARD_CLA_CHAIN = 0x10,
};

enum card_ins {
	CARD_INS_OPEN_JOB = 0x10, /* 84, SCP03 only */
	CARD_INS_ACTIVATE = 0x44, /* 84 */
	CARD_INS_GENERATE_KEY_PAIR = 0x46, /* 84 */
	CARD_INS_INITIALIZE_UPDATE = 0x50, /* 80 */
	CARD_INS_EXTERNAL_AUTHENTICATE = 0x82, /* 84 */
	CARD_INS_GET_CHALLENGE = 0x84,
	CARD_INS_INTERNAL_AUTHENTICATE = 0x88,
	CARD_INS_SELECT = 0xA4,
	CARD_INS_READ_BINARY = 0xB0,
	CARD_INS_READ_BINARY_ODD = 0xB1,
	CARD_INS_GET_RESPONSE = 0xC0,
	CARD_INS_GET_DATA = 0xCA,
	CARD_INS_UPDATE_BINARY = 0xD6, /* 84, EF.STATUS only */
	CARD_INS_PUT_KEY = 0xD8, /* 84 */
	CARD_INS_STORE_DATA = 0xE2, /* 84 */
	CARD_INS_INSTALL = 0xE6, /* 84, P1 20 for personalization */
	CARD_INS_SET_STATUS = 0xF0, /* 84, lock or unlock */
	CARD_INS_TERMINATE = 0xFE, /* 84 TERMINATE CARD USAGE */
};

enum card_sw {
	CARD_SW_OK = 0x9000,
	CARD_SW_MEMORY_FAILURE = 0x6581,
	CARD_SW_LOCKED = 0x6283, /* SELECT of a locked application */
	CARD_SW_WRONG_LENGTH = 0x6700,
	CARD_SW_LAST_OF_CHAIN = 0x6883, /* the open chain is dropped */
	CARD_SW_SECURITY_STATUS = 0x6982,
	CARD_SW_BLOCKED = 0x6983,
	CARD_SW_CONDITIONS = 0x6985,
	CARD_SW_SM_MISSING = 0x6987,
	CARD_SW_SM_WRONG = 0x6988,
	CARD_SW_WRONG_DATA = 0x6A80,
	CARD_SW_NOT_FOUND = 0x6A82,
	CARD_SW_NO_SPACE = 0x6A84,
	CARD_SW_WRONG_P1P2 = 0x6A86,
	CARD_SW_DATA_NOT_FOUND = 0x6A88,
	CARD_SW_PAST_END = 0x6B00,
	CARD_SW_UNKNOWN_INS = 0x6D00,
	CARD_SW_UNKNOWN_CLA = 0x6E00,
	CARD_SW_CRYPTOGRAM = 0x6300, /* EXTERNAL AUTHENTICATE failed */
	CARD_SW_TERMINATED = 0x6285,
};

/* Life cycle, as the one byte of DF21 and of the GET DATA answer. */
enum card_state {
	CARD_OP_READY = 0x01,
	CARD_INITIALIZED = 0x07, /* issuer keys are in */
	CARD_SECURED = 0x0F, /* activated */
	CARD_LOCKED = 0x7F,
	CARD_TERMINATED = 0xFF,
};

/* Suite byte of OPEN JOB and EF.ATR/INFO. */
enum card_suite {
	CARD_SUITE_INTL = 1, /* P-256, SHA-256 */
	CARD_SUITE_SM = 2, /* SM2, SM3 */
};

/* Elementary files. */
enum card_file {
	CARD_EF_ATR_INFO = 0x2F01,
	CARD_EF_DIR = 0x2F00,
	CARD_EF_CARD_ACCESS = 0x011C,
	CARD_EF_SO = 0x011D, /* signed object: COSE_Sign1 */
	CARD_EF_STATUS = 0x0120, /* 16 bytes, update key only */
	/* elements, free to read: one IssuerSignedItemBytes each */
	CARD_EF_CARD_NUMBER = 0x0101,
	CARD_EF_CARD_KIND = 0x0102,
	CARD_EF_BENEFIT_CLASSES = 0x0103,
	CARD_EF_VALID_FROM = 0x0104,
	CARD_EF_VALID_TO = 0x0105,
	CARD_EF_AUTHORITY = 0x0106,
	CARD_EF_STATUS_REFERENCE = 0x0107,
	/* elements that need PACE with the CAN: 6982 until it exists */
	CARD_EF_NAME = 0x0111,
	CARD_EF_SEX = 0x0112,
	CARD_EF_PORTRAIT = 0x0113,
	CARD_EF_IDENTITY_CLASSES = 0x0114,
	CARD_EF_SERVICE_FACTS = 0x0115,
};

/* GET DATA tags (P1 P2), and the DGI of the CAN in STORE DATA. */
enum card_tag {
	CARD_TAG_KDD = 0x00CF, /* CF 0A <chip serial, 10 bytes> */
	CARD_TAG_KEY_INFO = 0x00E0,
	CARD_TAG_CARD_DATA = 0x0066,
	CARD_TAG_COUNTER = 0x00C1, /* C1 03 <sequence counter of SCP03> */
	CARD_TAG_PROGRESS = 0xDF21, /* DF 21 3C <60 bytes>, see below */
	CARD_DGI_CAN = 0x8010, /* six ASCII digits */
};

/*
 * DF21: state[1] job id[16] fencing[8] key present[1] next block[2]
 * hash of the DGI stream so far [32], all big-endian.
 */
enum { CARD_PROGRESS_LEN = 60 };

enum {
	CARD_SERIAL_LEN = 10,
	CARD_JOB_ID_LEN = 16,
	/* OPEN JOB data: job id[16] fencing[8] suite[1] */
	CARD_OPEN_JOB_LEN = 25,
	CARD_CAN_LEN = 6,
	CARD_KVN_TRANSPORT = 0x30,
	CARD_KVN_ISSUER = 0x31,
	CARD_SCP03_I = 0x70,
	CARD_SCP03_LEVEL = 0x33,
	CARD_KEY_LEN = 16, /* AES-128 */
	CARD_PLAIN_MAX = 239, /* bytes of one protected command */
	CARD_READ_MAX = 251,
	/*
	 * STORE DATA: P1 80 on the last block, P2 the low byte of the block
	 * number. Block 0 starts with stream length[4] SHA-256 of the whole
	 * DGI stream[32]. A DGI is id[2] length[1, or FF and 2] value; its id
	 * is the file to make, or CARD_DGI_CAN. The last block only stores;
	 * ACTIVATE FILE carries the 32-byte hash again and flips the state.
	 */
	CARD_BLOCK0_HEAD_LEN = 36,
	CARD_NONCE_LEN = 16, /* INTERNAL AUTHENTICATE: card's part */
	CARD_CHALLENGE_LEN = 32, /* INTERNAL AUTHENTICATE: terminal's part */
	CARD_SIGNATURE_LEN = 64, /* r ‖ s */
	CARD_POINT_LEN = 65, /* 04 ‖ X ‖ Y */
	CARD_STATUS_LEN = 16,
};

/*
 * GENERATE KEY PAIR answers 7F49 43 { 86 41 <point> }.
 * INTERNAL AUTHENTICATE signs H("hufu-ia-1" ‖ suite[1] ‖ H(EF.SO) ‖
 * challenge[32] ‖ nonce[16]); SM2 signs these bytes as the message with
 * the user id 1234567812345678.
 */
#define CARD_IA_DOMAIN "hufu-ia-1"

#endif
