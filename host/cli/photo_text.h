/* A photo's file as the API takes it. */
#ifndef CLI_PHOTO_TEXT_H
#define CLI_PHOTO_TEXT_H

/* Base64, free() it; NULL when it cannot be read, which has been told. */
char *photo_text(const char *path);

#endif
