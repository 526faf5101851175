import { ElMessage } from 'element-plus';
import { Problem } from './api';
import { t } from './words';

/** Tells what the office refused, until it is closed. */
export function showProblem(error: unknown) {
  const message = error instanceof Problem ? t(error.zh, error.en || error.zh) : String(error);
  ElMessage({ type: 'error', message, duration: 8000, showClose: true });
}

export function showDone(message: string) {
  ElMessage({ type: 'success', message });
}
