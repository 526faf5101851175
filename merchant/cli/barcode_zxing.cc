// The one C++ file: zxing-cpp of Debian 12 has no C interface.
#define ZX_USE_UTF8 1
#include <ZXing/ReadBarcode.h>

#include <exception>

#include "merchant/cli/barcode.h"

static int read_codes(const uint8_t *gray, unsigned width, unsigned height,
        struct writer *ret_text)
{
	ZXing::ImageView view(gray, static_cast<int>(width),
	        static_cast<int>(height), ZXing::ImageFormat::Lum);
	ZXing::DecodeHints hints;
	hints.setFormats(ZXing::BarcodeFormat::QRCode);
	hints.setTryHarder(true);
	hints.setTryRotate(true);
	hints.setTryDownscale(true);
	std::string text;
	bool any = false;
	for (const auto &result : ZXing::ReadBarcodes(view, hints)) {
		if (!result.isValid())
			continue;
		if (any && result.text() != text)
			return BARCODE_SEVERAL;
		text = result.text();
		any = true;
	}
	if (!any)
		return BARCODE_NONE;
	writer_put(ret_text, text.data(), text.size());
	return ret_text->error;
}

int barcode_read_zxing(const uint8_t *gray, unsigned width, unsigned height,
        struct writer *ret_text)
{
	try {
		return read_codes(gray, width, height, ret_text);
	} catch (const std::exception &) {
		return HUFU_ERR_MEMORY; // nothing else is thrown at us
	}
}
