// What bench/startup.ts times: the first line of a script that imports the library and joins the job.
import 'dtrain'
import { initProcessGroup } from 'dtrain/distributed'

initProcessGroup()
console.log(Date.now())
