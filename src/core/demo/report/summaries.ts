import type { ReportFindings } from './findings.ts';
import { escapeText, grouped } from './markup.ts';

const ltr = (text: string): string => `<bdi dir="ltr">${escapeText(text)}</bdi>`;
const figure = (value: number, digits = 3): string => ltr(value.toFixed(digits));

/** The findings in Arabic, in the words of someone who tells a colleague. Digits and names stay left to right. */
export function arabicSummary({ report, quiet, window }: ReportFindings): string {
  const { metrics, rows, model } = report;
  const verdict = report.ok
    ? 'النتيجة سليمة: النموذج أفضل من خط الأساس، وهو موقّع والتوقيع صحيح، والفحص الهادئ لم يُطلق إنذارًا.'
    : 'النتيجة غير سليمة: لم يتحقق شرط واحد على الأقل من شروط القبول.';
  const moved = report.drift.drifted;
  return `<section class="summary" lang="ar" dir="rtl" aria-labelledby="summary-ar">
<h2 id="summary-ar">الخلاصة</h2>
<p>${verdict}</p>
<p>استُورد ${ltr(grouped(rows.imported))} سجلًّا من رحلات الطيران الأمريكية لعام ${ltr('2001')} إلى مساحة عمل مشفّرة، وحُسبت السمات لكل رحلة بما كان معروفًا قبل إقلاعها فقط. دُرّب النموذج على ${ltr(grouped(rows.train))} رحلة، وقيست كل الأرقام على ${ltr(grouped(rows.test))} رحلة لاحقة زمنيًّا لم يرها النموذج (من ${ltr(window.testFrom.slice(0, 10))} إلى ${ltr(window.testTo.slice(0, 10))}).</p>
<p>المساحة تحت المنحنى ${figure(metrics.auc)} مقابل ${figure(metrics.baselineAuc)} لخط الأساس، والخسارة اللوغاريتمية ${figure(metrics.logloss, 4)} مقابل ${figure(metrics.baselineLogloss, 4)}.</p>
<p>${moved > 0 ? `تغيّر توزيع ${ltr(String(moved))} من ${ltr(String(report.drift.columns))} أعمدة في يونيو مقارنةً بفترة التدريب.` : 'لم يتغيّر توزيع أي عمود في يونيو مقارنةً بفترة التدريب.'} وعند مقارنة نصفين عشوائيين من شهر واحد ${quiet.drift ? 'ظهر إنذار كاذب' : 'لم يظهر أي إنذار كاذب'}.</p>
<p>سُجّل النموذج باسم ${ltr(`${model.name}:${model.version}`)} موقّعًا، وجرى كل العمل على هذا الجهاز دون أي اتصال بالشبكة.</p>
</section>`.replaceAll('\n', '');
}

/** The same findings in English, beside the Arabic ones. */
export function englishSummary({ report, quiet, window }: ReportFindings): string {
  const { metrics, rows, model } = report;
  const verdict = report.ok
    ? 'Sound: the model beats the baseline, its signature holds, and the quiet check raised no alarm.'
    : 'Not sound: at least one of the conditions of acceptance is not met.';
  const moved =
    report.drift.drifted > 0
      ? `In June ${report.drift.drifted} of ${report.drift.columns} columns were distributed otherwise than in the training window.`
      : 'In June no column was distributed otherwise than in the training window.';
  return `<section class="summary" aria-labelledby="summary-en">
<h2 id="summary-en">In short</h2>
<p>${verdict}</p>
<p>${grouped(rows.imported)} records of US flights in 2001 were imported into an encrypted workspace, and each flight's features computed from what was known before its departure. The model learned from ${grouped(rows.train)} flights; every figure is measured on ${grouped(rows.test)} later ones that it has not seen (${window.testFrom.slice(0, 10)} to ${window.testTo.slice(0, 10)}).</p>
<p>Area under the curve ${metrics.auc.toFixed(3)} against the baseline's ${metrics.baselineAuc.toFixed(3)}; log loss ${metrics.logloss.toFixed(4)} against ${metrics.baselineLogloss.toFixed(4)}.</p>
<p>${moved} Comparing two random halves of one month raised ${quiet.drift ? 'a false alarm' : 'no false alarm'}.</p>
<p>Registered as <code>${escapeText(`${model.name}:${model.version}`)}</code>, signed. All of the work was done on this machine, without any network.</p>
</section>`.replaceAll('\n', '');
}
