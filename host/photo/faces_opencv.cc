// The one C++ file of this room: OpenCV 4 has no C interface.
#include "host/photo/faces.h"

#include <cmath>
#include <exception>
#include <opencv2/core/utils/logger.hpp>
#include <opencv2/imgproc.hpp>
#include <opencv2/objdetect.hpp>
#include <string>
#include <vector>

struct faces {
	cv::CascadeClassifier face, second_face, eye, second_eye;
};

namespace
{
const int SMALLEST_FACE = 48; // dots
const double NEIGHBOUR = 0.45; // of the largest: another person
const double TURNS[] = {15, -15, 30, -30};
const double DEGREES = 180 / 3.14159265358979323846;

using rects = std::vector<cv::Rect>;

rects find_faces(faces *f, const cv::Mat &grey)
{
	rects found;
	cv::Size least(SMALLEST_FACE, SMALLEST_FACE);
	f->face.detectMultiScale(grey, found, 1.1, 3, 0, least);
	if (found.empty())
		f->second_face.detectMultiScale(grey, found, 1.1, 5, 0, least);
	return found;
}

cv::Rect largest_of(const rects &found)
{
	cv::Rect best = found[0];
	for (const auto &r : found)
		if (r.area() > best.area())
			best = r;
	return best;
}

faces_point middle(const cv::Rect &part, const cv::Rect &eye)
{
	return {part.x + eye.x + eye.width / 2.0,
	        part.y + eye.y + eye.height / 2.0};
}

// One eye in its half of the face; both cascades' middles when both see it.
bool find_eye(faces *f, const cv::Mat &grey, cv::Rect part, faces_point *ret)
{
	rects first, second;
	part &= cv::Rect(0, 0, grey.cols, grey.rows);
	if (part.width < 24 || part.height < 24)
		return false;
	cv::Size least(part.width / 5, part.width / 5);
	f->eye.detectMultiScale(grey(part), first, 1.05, 3, 0, least);
	f->second_eye.detectMultiScale(grey(part), second, 1.05, 3, 0, least);
	if (first.empty() && second.empty())
		return false;
	faces_point a = middle(
	        part, largest_of(first.empty() ? second : first));
	faces_point b = middle(
	        part, largest_of(second.empty() ? first : second));
	*ret = {(a.x + b.x) / 2, (a.y + b.y) / 2};
	return true;
}

void find_eyes(faces *f, const cv::Mat &grey, const cv::Rect &face,
        faces_found *ret)
{
	int half = face.width / 2, top = face.y + face.height / 8;
	int deep = face.height / 2;
	ret->eyes = 0;
	if (find_eye(f, grey, {face.x, top, half, deep}, &ret->eye[0]))
		ret->eyes++;
	if (find_eye(f, grey, {face.x + half, top, half, deep}, &ret->eye[1]))
		ret->eyes++;
}

faces_point turn_back(const cv::Mat &back, double x, double y)
{
	const double *a = back.ptr<double>(0), *b = back.ptr<double>(1);
	return {a[0] * x + a[1] * y + a[2], b[0] * x + b[1] * y + b[2]};
}

bool look(faces *f, const cv::Mat &grey, faces_found *ret)
{
	rects found = find_faces(f, grey);
	if (found.empty())
		return false;
	cv::Rect best = largest_of(found);
	ret->count = 0;
	for (const auto &r : found)
		ret->count += r.width >= best.width * NEIGHBOUR;
	ret->x = best.x;
	ret->y = best.y;
	ret->size = best.width;
	find_eyes(f, grey, best, ret);
	return true;
}

bool look_turned(faces *f, const cv::Mat &grey, double turn, faces_found *ret)
{
	cv::Point2f centre(grey.cols / 2.0f, grey.rows / 2.0f);
	cv::Mat turned, back;
	cv::Mat by = cv::getRotationMatrix2D(centre, turn, 1);
	cv::warpAffine(grey, turned, by, grey.size(), cv::INTER_LINEAR,
	        cv::BORDER_CONSTANT, cv::Scalar(255));
	if (!look(f, turned, ret))
		return false;
	cv::invertAffineTransform(by, back);
	double half = ret->size / 2.0;
	faces_point at = turn_back(back, ret->x + half, ret->y + half);
	ret->x = static_cast<int>(at.x - half);
	ret->y = static_cast<int>(at.y - half);
	for (auto &eye : ret->eye)
		eye = turn_back(back, eye.x, eye.y);
	return true;
}

void find(faces *f, const cv::Mat &grey, faces_found *ret)
{
	double turn = 0;
	bool any = look(f, grey, ret);
	if (!any) { // too dark or too bright: find it, so that this is told
		cv::Mat spread;
		cv::equalizeHist(grey, spread);
		any = look(f, spread, ret);
	}
	for (size_t i = 0; !any && i < sizeof TURNS / sizeof *TURNS; i++) {
		turn = TURNS[i];
		any = look_turned(f, grey, turn, ret);
	}
	if (any && ret->eyes == 2)
		ret->tilt_deg = std::atan2(ret->eye[1].y - ret->eye[0].y,
		                        ret->eye[1].x - ret->eye[0].x) *
		                DEGREES;
	else
		ret->tilt_deg = turn;
}

bool load(cv::CascadeClassifier *c, const char *folder, const char *name)
{
	return c->load(std::string(folder) + "/haarcascade_" + name + ".xml");
}
} // namespace

int faces_open(const char *folder, faces **ret)
{
	faces *f = nullptr;
	try {
		f = new faces;
		cv::utils::logging::setLogLevel(
		        cv::utils::logging::LOG_LEVEL_SILENT);
		cv::setNumThreads(0); // the sandbox allows no thread
		if (load(&f->face, folder, "frontalface_alt2") &&
		        load(&f->second_face, folder, "frontalface_default") &&
		        load(&f->eye, folder, "eye_tree_eyeglasses") &&
		        load(&f->second_eye, folder, "eye")) {
			*ret = f;
			return HUFU_OK;
		}
	} catch (const std::exception &) {
	}
	delete f;
	return HUFU_ERR_NOT_FOUND;
}

void faces_close(faces *f)
{
	delete f;
}

int faces_find(faces *f, const uint8_t *grey, unsigned width, unsigned height,
        faces_found *ret)
{
	try {
		const cv::Mat view(static_cast<int>(height),
		        static_cast<int>(width), CV_8UC1,
		        const_cast<uint8_t *>(grey));
		faces_found found = {};
		find(f, view, &found);
		*ret = found;
		return HUFU_OK;
	} catch (const std::exception &) {
		return HUFU_ERR_MEMORY;
	}
}
