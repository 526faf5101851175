# Writes OUT, the bytes of FILE as C.
file(READ ${FILE} hex HEX)
string(REGEX REPLACE "(..)" "0x\\1," bytes "${hex}")
file(WRITE ${OUT} "#include \"host/policy/calendar_text.h\"\n\n"
  "const uint8_t calendar_text[] = {${bytes}};\n"
  "const size_t calendar_text_len = sizeof calendar_text;\n")
