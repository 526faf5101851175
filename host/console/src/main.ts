import { createApp } from 'vue';
import 'element-plus/dist/index.css';
import './console.css';
import App from './App.vue';
import { router } from './router';
import { language, setLanguage } from './words';

setLanguage(language.value);
createApp(App).use(router).mount('#console');
