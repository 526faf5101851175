import { createApp } from 'vue';
import 'vant/lib/index.css';
import App from './App.vue';
import './page.css';
import { start } from './lists/lists';
import { warmUp } from './scan/reader';

createApp(App).mount('#page');
warmUp();
void start();
