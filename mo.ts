import { readFileSync } from 'node:fs';
import { mulberry32 } from './src/numerics/arrays/mulberry32.ts';
import { hypervolume, motpePoint, randomPoint } from './src/numerics/tuning/index.ts';
const peer = JSON.parse(readFileSync('/tmp/w/mo_peer.json','utf8'));
const unit=(n:number)=>Object.fromEntries(Array.from({length:n},(_,i)=>[`x${i}`,{kind:'uniform',low:0,high:1}]));
const P:any={
 zdt1:{space:unit(5),ref:[1.1,10],n:80,f:(p:any)=>{const g=1+9*(p.x1+p.x2+p.x3+p.x4)/4;return [p.x0,g*(1-Math.sqrt(p.x0/g))]}},
 learner:{space:{leaves:{kind:'logInt',low:2,high:255},trees:{kind:'logInt',low:10,high:1000},rate:{kind:'logUniform',low:.001,high:1},kind:{kind:'choice',options:3}},ref:[2,6],n:80,f:(p:any)=>[0.3+0.1*Math.log(p.leaves/40)**2/4+0.05*Math.log(p.rate*p.trees/20)**2+(p.kind===1?0:.05),Math.log10(p.leaves*p.trees)]},
 dtlz2:{space:unit(6),ref:[2,2,2],n:80,f:(p:any)=>{let g=0;for(let i=2;i<6;i++)g+=(p['x'+i]-.5)**2;const a=p.x0*Math.PI/2,b=p.x1*Math.PI/2;return[(1+g)*Math.cos(a)*Math.cos(b),(1+g)*Math.cos(a)*Math.sin(b),(1+g)*Math.sin(a)]}},
 real:{space:{depth:{kind:'int',low:1,high:12},rows:{kind:'logInt',low:1,high:60}},ref:[0.6,30],n:25,f:(p:any)=>peer.table[p.depth-1][p.rows-1]},
};
const med=(v:number[])=>v.toSorted((a,b)=>a-b)[v.length>>1];
for(const [name,{space,ref,n,f}] of Object.entries(P) as any){
  const run=(sampler:any,lag=1)=>med(Array.from({length:11},(_,s)=>{const found:any[]=[];for(let t=0;t<n;t++){const known=found.slice(0,Math.max(0,t-lag+1));const lies=found.slice(known.length).map((o:any)=>({point:o.point,losses:ref.map(()=>NaN)}));const point=sampler(space,[...known,...lies],mulberry32((s+1)*7919+t));found.push({point,losses:f(point)})}return hypervolume(found.map((o:any)=>o.losses),ref)}));
  const t0=performance.now();const own=run(motpePoint);const ms=performance.now()-t0;
  console.log(name,'own',own.toFixed(4),'lag4',run(motpePoint,4).toFixed(4),'random',run((s:any,_:any,r:any)=>randomPoint(s,r)).toFixed(4),'ms/11',ms|0,Object.entries(peer[name]).map(([k,runs]:any)=>`${k} ${med(runs.map((r:any)=>hypervolume(r,ref))).toFixed(4)}`).join(' '));
}
