import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import test from "node:test";
import { FIELDS } from "../src/profile.mjs";
import { pickLanguage, say, TEXTS } from "../src/texts.mjs";

const source = (name) => readFile(new URL(`../src/${name}`, import.meta.url), "utf8");

test("says everything in both languages, with the same values", () => {
  assert.deepEqual(Object.keys(TEXTS["zh-CN"]), Object.keys(TEXTS.en));
  const values = (sentence) => (sentence.match(/\{\w+\}/g) ?? []).sort();
  for (const key of Object.keys(TEXTS.en)) assert.deepEqual(values(TEXTS["zh-CN"][key]), values(TEXTS.en[key]), key);
});

test("has a text for every key the page and its scripts name, and no other", async () => {
  const named = new Set();
  for (const [, key] of (await source("index.html")).matchAll(/data-(?:text|label)="(\w+)"/g)) named.add(key);
  const scripts = (await source("main.mjs")) + (await source("page.mjs"));
  for (const [, key] of scripts.matchAll(/"(\w+)"/g)) if (key in TEXTS.en) named.add(key);
  assert.deepEqual([...named].filter((key) => !(key in TEXTS.en)), []);
  assert.deepEqual(Object.keys(TEXTS.en).filter((key) => !named.has(key)), []);
});

test("has a label, a control and a place for errors for every field", async () => {
  const html = await source("index.html");
  for (const field of FIELDS) {
    assert.match(html, new RegExp(`<label for="${field}"`));
    assert.match(html, new RegExp(`<(input|select) id="${field}" name="${field}"[^>]* aria-describedby="[^"]*\\b${field}-error"`));
    assert.match(html, new RegExp(`id="${field}-error"`));
  }
});

test("has nothing inline that the content security policy would stop", async () => {
  assert.doesNotMatch(await source("index.html"), / style=| on\w+=|<style|<script(?![^>]* src=)/);
});

test("picks the person's language", () => {
  assert.equal(pickLanguage("zh-CN", ["en-US"]), "zh-CN");
  assert.equal(pickLanguage(null, ["fr", "zh-Hant-TW", "en"]), "zh-CN");
  assert.equal(pickLanguage(null, ["de-DE", "en-GB"]), "en");
  assert.equal(pickLanguage("xx", []), "en");
});

test("puts values into sentences as they are", () => {
  assert.equal(say("en", "hello", { name: "<b>$&</b>" }), "Hello, <b>$&</b>");
});
