# Writes OUT, a C table of the SQL files named in FILES (separated by |), in
# the order of their numbers.
string(REPLACE "|" ";" files "${FILES}")
list(SORT files)
set(texts "")
set(rows "")
foreach(file ${files})
  get_filename_component(name ${file} NAME_WE)
  string(SUBSTRING ${name} 0 4 number)
  string(REGEX REPLACE "^0+" "" number ${number})
  file(SHA256 ${file} checksum)
  file(READ ${file} hex HEX)
  string(REGEX REPLACE "(..)" "0x\\1," bytes "${hex}")
  string(APPEND texts "static const char sql_${number}[] = {${bytes}0};\n")
  string(APPEND rows
    "\t{${number}, \"${name}\", sql_${number}, \"${checksum}\"},\n")
endforeach()
file(WRITE ${OUT} "#include \"host/store/migrate.h\"\n\n${texts}\n"
  "const struct migration migrations[] = {\n${rows}};\n"
  "const size_t migration_count =\n"
  "\tsizeof migrations / sizeof *migrations;\n")
