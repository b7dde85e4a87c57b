// A person with a browser that runs no script: keeps cookies, follows redirects, fills in the forms it is shown, allows what it is asked.
import { parse } from 'node-html-parser';

const MAX_STEPS = 20;

export class Person {
  #cookies = new Map();

  constructor(issuer, { email, password }) {
    this.issuer = new URL(issuer);
    this.email = email;
    this.password = password;
  }

  /** Opens an authorization URL and does what the pages ask for until the browser leaves the provider. Gives where it was sent, and the form when it was posted there. */
  async authorize(url) {
    let request = { url: new URL(url) };
    for (let step = 0; step < MAX_STEPS; step++) {
      if (request.url.origin !== this.issuer.origin) return { url: request.url, form: request.form };
      const response = await this.#send(request);
      const location = response.headers.get('location');
      request = location ? { url: new URL(location, request.url) } : this.#answer(await response.text(), request.url);
    }
    throw new Error(`still at ${request.url} after ${MAX_STEPS} steps`);
  }

  async #send({ url, form }) {
    const response = await fetch(url, {
      method: form ? 'POST' : 'GET',
      body: form && new URLSearchParams(form),
      redirect: 'manual',
      headers: { cookie: [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
    });
    for (const cookie of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(cookie);
      if (value === '') this.#cookies.delete(name);
      else this.#cookies.set(name, value);
    }
    if (response.status >= 400) throw new Error(`${response.status} at ${url.pathname}: ${await response.text()}`);
    return response;
  }

  // Password sign-in: name yourself, choose "use a password instead", type it. A form_post page has neither field and is simply submitted.
  #answer(html, url) {
    const page = parse(html);
    const toPassword = page.querySelector('a[href*="/log-in/password"]');
    const password = page.querySelector('input[type=password]');
    if (toPassword && !password && !page.querySelector('input[autocomplete~=username]:not([type=hidden])')) {
      return { url: new URL(toPassword.getAttribute('href').replaceAll('&amp;', '&'), url) };
    }

    const field = password ?? page.querySelector('input[autocomplete~=username]');
    const form = field ? field.closest('form') : page.querySelector('form');
    if (!form) throw new Error(`nothing to do at ${url.pathname}: ${page.querySelector('main')?.text ?? html}`);
    const values = {};
    for (const input of form.querySelectorAll('input[name]')) values[input.getAttribute('name')] = input.getAttribute('value') ?? '';
    if (password) values[password.getAttribute('name')] = this.password;
    else if (field) values[field.getAttribute('name')] = this.email;
    const allow = form.querySelector('button[value=allow]');
    if (allow) values[allow.getAttribute('name')] = 'allow';
    return { url: new URL((form.getAttribute('action') ?? url.href).replaceAll('&amp;', '&'), url), form: values };
  }
}
