// Writes calendar.csv anew from the npm package chinese-days (MIT):
//   npm ci && node host/policy/calendar.mjs >host/policy/calendar.csv
import { readFileSync } from 'node:fs'

const root = new URL('../../node_modules/chinese-days/', import.meta.url)
const read = (name) => JSON.parse(readFileSync(new URL(name, root), 'utf8'))
const { version, license } = read('package.json')
const { holidays, workdays } = read('dist/chinese-days.json')

// The card's rules are of 2021; nothing before them has a deadline.
const days = [
	...Object.keys(holidays).map((day) => `${day},off`),
	...Object.keys(workdays).map((day) => `${day},work`),
].filter((line) => line >= '2021').sort()

process.stdout.write(`# 国务院办公厅关于部分节假日安排的通知 days off and exchanged working days
# Made by calendar.mjs from npm chinese-days ${version} (${license}); not edited by hand.
${days.join('\n')}
`)
