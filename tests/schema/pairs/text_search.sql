Text search configurations, dictionaries, parsers and templates.

-- pair: configuration-add
-- new:
CREATE TEXT SEARCH CONFIGURATION c (PARSER = pg_catalog."default");
ALTER TEXT SEARCH CONFIGURATION c ADD MAPPING FOR asciiword, word WITH english_stem;

-- pair: configuration-copied
-- new:
CREATE TEXT SEARCH CONFIGURATION c (COPY = pg_catalog.english);

-- pair: configuration-mapping
-- both:
CREATE TEXT SEARCH CONFIGURATION c (PARSER = pg_catalog."default");
-- old:
ALTER TEXT SEARCH CONFIGURATION c ADD MAPPING FOR asciiword, word WITH english_stem;
-- new:
ALTER TEXT SEARCH CONFIGURATION c ADD MAPPING FOR asciiword, email WITH simple, english_stem;

-- pair: configuration-under-an-index-and-a-generated-column
-- old:
CREATE TABLE t (a text);
-- new:
CREATE TEXT SEARCH CONFIGURATION c (COPY = simple);
CREATE TABLE t (a text, v tsvector GENERATED ALWAYS AS (to_tsvector('public.c'::regconfig, a)) STORED);
CREATE INDEX i ON t USING gin (to_tsvector('public.c'::regconfig, a));

-- pair: dictionary-add
-- new:
CREATE TEXT SEARCH DICTIONARY d (TEMPLATE = pg_catalog.simple, ACCEPT = false);

-- pair: dictionary-options
-- old:
CREATE TEXT SEARCH DICTIONARY d (TEMPLATE = pg_catalog.simple, ACCEPT = false);
-- new:
CREATE TEXT SEARCH DICTIONARY d (TEMPLATE = pg_catalog.simple, STOPWORDS = english);

-- pair: dictionary-template
-- old:
CREATE TEXT SEARCH DICTIONARY d (TEMPLATE = pg_catalog.simple);
-- new:
CREATE TEXT SEARCH DICTIONARY d (TEMPLATE = snowball, LANGUAGE = german);

-- pair: dictionary-of-a-configuration
-- old:
CREATE TEXT SEARCH DICTIONARY d (TEMPLATE = pg_catalog.simple);
CREATE TEXT SEARCH CONFIGURATION c (PARSER = pg_catalog."default");
ALTER TEXT SEARCH CONFIGURATION c ADD MAPPING FOR word WITH d;
-- new:
CREATE TEXT SEARCH CONFIGURATION c (PARSER = pg_catalog."default");
ALTER TEXT SEARCH CONFIGURATION c ADD MAPPING FOR word WITH simple;

-- pair: parser-and-template
-- new:
CREATE TEXT SEARCH PARSER p (START = prsd_start, GETTOKEN = prsd_nexttoken, END = prsd_end, LEXTYPES = prsd_lextype,
  HEADLINE = prsd_headline);
CREATE TEXT SEARCH TEMPLATE x (INIT = dsimple_init, LEXIZE = dsimple_lexize);

-- pair: text-search-comments
-- both:
CREATE TEXT SEARCH DICTIONARY d (TEMPLATE = pg_catalog.simple);
CREATE TEXT SEARCH CONFIGURATION c (COPY = simple);
-- new:
COMMENT ON TEXT SEARCH DICTIONARY d IS 'words';
COMMENT ON TEXT SEARCH CONFIGURATION c IS 'how';
