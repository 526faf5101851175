#include "host/print/photo_decode.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>

#include <jpeglib.h>

struct photo_job {
	struct jpeg_decompress_struct jpeg;
	struct jpeg_error_mgr errors;
	struct jpeg_progress_mgr progress;
	jmp_buf fail;
	int error; /* why `fail` was jumped to */
	struct photo_dots dots;
	uint8_t *line;
};

static struct photo_job *job_of(j_common_ptr jpeg)
{
	return jpeg->client_data;
}

static void fail_with(struct photo_job *job, int error)
{
	job->error = error;
	longjmp(job->fail, 1);
}

static void on_error(j_common_ptr jpeg)
{
	fail_with(job_of(jpeg), HUFU_ERR_MALFORMED);
}

/* A warning is damage that libjpeg would paint over. */
static void on_message(j_common_ptr jpeg, int level)
{
	if (level < 0)
		fail_with(job_of(jpeg), HUFU_ERR_MALFORMED);
}

static void on_output(j_common_ptr jpeg)
{
	(void)jpeg; /* nothing is printed on standard error */
}

/* A small progressive file can otherwise keep the decoder busy for long. */
static void on_progress(j_common_ptr jpeg)
{
	struct photo_job *job = job_of(jpeg);

	if (job->jpeg.input_scan_number > PHOTO_SCANS_MAX)
		fail_with(job, HUFU_ERR_LIMIT);
}

static void start(struct photo_job *job, struct span in)
{
	struct jpeg_decompress_struct *jpeg = &job->jpeg;

	jpeg_create_decompress(jpeg);
	jpeg->progress = &job->progress;
	jpeg_mem_src(jpeg, in.data, in.len);
	(void)jpeg_read_header(jpeg, TRUE); /* errors jump */
	if (jpeg->image_width > PHOTO_DECODED_MAX ||
	        jpeg->image_height > PHOTO_DECODED_MAX)
		fail_with(job, HUFU_ERR_LIMIT);
	if (jpeg->num_components != 3)
		fail_with(job, HUFU_ERR_UNSUPPORTED);
	jpeg->out_color_space = JCS_RGB;
	jpeg->dct_method = JDCT_ISLOW;
	(void)jpeg_start_decompress(jpeg); /* a memory source never waits */
}

static void read_lines(struct photo_job *job)
{
	struct jpeg_decompress_struct *jpeg = &job->jpeg;
	struct photo_dots *dots = &job->dots;

	dots->width = jpeg->output_width;
	dots->height = jpeg->output_height;
	dots->rgb = calloc((size_t)dots->width * dots->height, 4);
	job->line = calloc(dots->width, 3);
	if (!dots->rgb || !job->line)
		fail_with(job, HUFU_ERR_MEMORY);
	while (jpeg->output_scanline < jpeg->output_height) {
		uint32_t *row =
		        dots->rgb + (size_t)jpeg->output_scanline * dots->width;
		const uint8_t *in = job->line;

		(void)jpeg_read_scanlines(jpeg, &job->line, 1);
		for (unsigned x = 0; x < dots->width; x++, in += 3)
			row[x] = (uint32_t)in[0] << 16 | (uint32_t)in[1] << 8 |
			         in[2];
	}
	(void)jpeg_finish_decompress(jpeg);
}

int photo_decode(struct span in, struct photo_dots *ret)
{
	struct photo_job *job;
	int error;

	if (in.len < 3)
		return HUFU_ERR_MALFORMED;
	job = calloc(1, sizeof(*job));
	if (!job)
		return HUFU_ERR_MEMORY;
	job->jpeg.err = jpeg_std_error(&job->errors);
	job->errors.error_exit = on_error;
	job->errors.emit_message = on_message;
	job->errors.output_message = on_output;
	job->progress.progress_monitor = on_progress;
	job->jpeg.client_data = job;
	if (setjmp(job->fail) == 0) {
		start(job, in);
		read_lines(job);
	}
	jpeg_destroy_decompress(&job->jpeg);
	error = job->error;
	if (error)
		photo_dots_done(&job->dots);
	else
		*ret = job->dots;
	free(job->line);
	free(job);
	return error;
}

void photo_dots_done(struct photo_dots *dots)
{
	free(dots->rgb);
	*dots = (struct photo_dots){0};
}
