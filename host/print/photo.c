#include "host/print/photo.h"

#include "host/print/photo_decode.h"

enum { CORNER = 24, WHITE_MIN = 228 };

static const struct {
	const char *type, *zh, *en;
} PHOTO_WORDS[] = {
        [PHOTO_EMPTY] = {"photo-empty", "没有照片。请上传照片。",
                "There is no photo. Please add one."},
        [PHOTO_TOO_SMALL] = {"photo-too-small",
                "照片文件小于 20 KB,不够清晰。请用较高质量重新保存。",
                "The photo file is under 20 KB, too coarse to print. "
                "Save it again at a higher quality."},
        [PHOTO_TOO_LARGE] = {"photo-too-large",
                "照片文件大于 50 KB。请用较低质量重新保存。",
                "The photo file is over 50 KB. Save it again at a "
                "lower quality."},
        [PHOTO_NOT_JPEG] = {"photo-not-jpeg",
                "照片不是JPEG格式。请另存为JPG后再上传。",
                "The photo is not a JPEG file. Save it as JPG."},
        [PHOTO_BROKEN] = {"photo-broken",
                "照片文件已损坏或不完整。请重新拍照或重新上传。",
                "The photo file is damaged or cut off. Take or upload "
                "it again."},
        [PHOTO_DIMENSIONS] = {"photo-dimensions",
                "照片尺寸应为352×440像素。请按此尺寸裁剪。",
                "The photo must be 352×440 dots. Cut it to this "
                "size."},
        [PHOTO_COLOUR] = {"photo-colour",
                "照片应为彩色（RGB）照片。请换用彩色照片。",
                "The photo must be in colour (RGB). Use a colour "
                "photo."},
        [PHOTO_BACKGROUND] = {"photo-background",
                "照片背景应为纯白色。请在白色背景前重新拍照。",
                "The background must be pure white. Take the photo "
                "again in front of white."},
        [PHOTO_NO_FACE] = {"photo-no-face",
                "没有找到完整的正面人脸。请正对镜头、露出整张脸后重新拍照。",
                "No whole face from the front was found. Look straight "
                "into the camera, show the whole face, and take it again."},
        [PHOTO_FACES] = {"photo-faces",
                "照片里不止一个人。请申请人单独重新拍照。",
                "There is more than one person in the photo. Take it again "
                "with the applicant alone."},
        [PHOTO_TILTED] = {"photo-tilted",
                "头部歪斜，两眼不在水平线上。请摆正头部后重新拍照。",
                "The head is tilted; the eyes are not level. Hold the head "
                "straight and take the photo again."},
        [PHOTO_HEAD_SMALL] = {"photo-head-small",
                "头部太小，应约占照片高度的三分之二。请靠近一些重新拍照或裁剪"
                "。",
                "The head is too small; it should fill about two thirds of "
                "the height. Come closer or cut the photo narrower."},
        [PHOTO_HEAD_LARGE] = {"photo-head-large",
                "头部太大，应约占照片高度的三分之二，并留出双肩。请退后一些重新"
                "拍照。",
                "The head is too large; it should fill about two thirds of "
                "the height with both shoulders in view. Step back and take "
                "it again."},
        [PHOTO_OFF_CENTRE] = {"photo-off-centre",
                "头部不在照片中间。请居中后重新拍照或裁剪。",
                "The head is not in the middle. Centre it and take or cut "
                "the photo again."},
        [PHOTO_EYES] = {"photo-eyes",
                "看不清双眼。请睁眼，头发和镜框不要遮挡眼睛，避开反光后重新拍照"
                "。",
                "The eyes cannot be seen clearly. Open them, keep hair, "
                "frames and glare off them, and take the photo again."},
        [PHOTO_BLURRED] = {"photo-blurred",
                "照片模糊。请对准面部对焦、保持不动后重新拍照。",
                "The photo is blurred. Focus on the face, hold still and "
                "take it again."},
        [PHOTO_DARK] = {"photo-dark", "面部太暗。请增加正面光线后重新拍照。",
                "The face is too dark. Put more light in front and take the "
                "photo again."},
        [PHOTO_BRIGHT] = {"photo-bright",
                "面部太亮或反光。请减弱光线后重新拍照。",
                "The face is too bright or shines. Soften the light and take "
                "the photo again."},
        [PHOTO_CLOTHES] = {"photo-clothes",
                "衣服颜色太浅，与白色背景分不清。请穿深色衣服重新拍照。",
                "The clothes are as light as the ground. Wear something "
                "dark and take the photo again."},
        [PHOTO_DPI] = {"photo-dpi",
                "照片文件标明的分辨率不是 300 dpi。请按 300 dpi 重新保存。",
                "The file says another resolution than 300 dpi. Save it "
                "again at 300 dpi."},
};

int photo_explain(enum photo_fault fault, struct problem *p)
{
	/* Each sentence skips the other's argument. */
	return problem_set(p, (int)fault, PHOTO_WORDS[fault].type, "%1$s%2$.0s",
	        "%1$.0s%2$s", PHOTO_WORDS[fault].zh, PHOTO_WORDS[fault].en);
}

bool photo_may_override(enum photo_fault fault)
{
	return fault >= PHOTO_BACKGROUND && fault < PHOTO_FAULTS;
}

static bool corner_is_white(const struct photo_dots *dots, unsigned left)
{
	uint32_t sum[3] = {0};

	for (unsigned y = 0; y < CORNER; y++) {
		const uint32_t *row = dots->rgb + (size_t)y * dots->width;

		for (unsigned x = left; x < left + CORNER; x++) {
			sum[0] += row[x] >> 16 & 0xff;
			sum[1] += row[x] >> 8 & 0xff;
			sum[2] += row[x] & 0xff;
		}
	}
	for (int i = 0; i < 3; i++)
		if (sum[i] < WHITE_MIN * CORNER * CORNER)
			return false;
	return true;
}

static enum photo_fault fault_of_dots(const struct photo_dots *dots)
{
	if (dots->width != PHOTO_WIDTH || dots->height != PHOTO_HEIGHT)
		return PHOTO_DIMENSIONS;
	if (!corner_is_white(dots, 0) ||
	        !corner_is_white(dots, dots->width - CORNER))
		return PHOTO_BACKGROUND;
	return 0;
}

static enum photo_fault fault_of_bytes(struct span jpeg)
{
	static const uint8_t magic[] = {0xff, 0xd8, 0xff};

	if (jpeg.len == 0)
		return PHOTO_EMPTY;
	if (jpeg.len < sizeof(magic) ||
	        !span_equal(span_of(jpeg.data, sizeof(magic)),
	                span_of(magic, sizeof(magic))))
		return PHOTO_NOT_JPEG;
	if (jpeg.len > PHOTO_BYTES_MAX)
		return PHOTO_TOO_LARGE;
	if (jpeg.len < PHOTO_BYTES_MIN)
		return PHOTO_TOO_SMALL;
	return 0;
}

int photo_check(struct span jpeg, struct problem *p)
{
	struct photo_dots dots;
	enum photo_fault fault = fault_of_bytes(jpeg);
	int rc;

	if (fault)
		return photo_explain(fault, p);
	rc = photo_decode(jpeg, &dots);
	switch (rc) {
	case HUFU_OK:
		break;
	case HUFU_ERR_UNSUPPORTED:
		return photo_explain(PHOTO_COLOUR, p);
	case HUFU_ERR_LIMIT:
		return photo_explain(PHOTO_DIMENSIONS, p);
	case HUFU_ERR_MALFORMED:
		return photo_explain(PHOTO_BROKEN, p);
	default:
		return problem_from_code(p, rc);
	}
	fault = fault_of_dots(&dots);
	photo_dots_done(&dots);
	return fault ? photo_explain(fault, p) : HUFU_OK;
}
