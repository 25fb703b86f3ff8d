import { html, Html } from './html.ts';
import { formTarget } from './layout.ts';

test('values are escaped, markup made by the template is not, nothing stays nothing', () => {
  const evil = `"><script>alert('&')</script>`;
  const safe = '&quot;&gt;&lt;script&gt;alert(&#39;&amp;&#39;)&lt;/script&gt;';
  expect(String(html`<p title="${evil}">${evil}</p>`)).toBe(`<p title="${safe}">${safe}</p>`);
  const items = ['a<', 'b'].map((item) => html`<b>${item}</b>`);
  expect(String(html`<i>${items}</i>`)).toBe('<i><b>a&lt;</b><b>b</b></i>');
  expect(String(html`${undefined}${0}${new Html('<br>')}`)).toBe('0<br>');
});

test.each([
  ['https://app.example/back?x=1', 'https://app.example'],
  ['http://127.0.0.1:53123/callback', 'http://127.0.0.1:53123'],
  ['com.example.app:/back', 'com.example.app:'],
  ['nothing', undefined],
])('a form that leads to %s may do so by %s', (uri, target) => {
  expect(formTarget(uri)).toBe(target);
});
