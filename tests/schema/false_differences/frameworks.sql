What Rails and Prisma emit, beside what pg_dump writes of it (Rails keeps that as db/structure.sql). SQLAlchemy's and
Django's DDL comes from the packages themselves, in frameworks.py.

-- pair: rails-migration-and-structure
-- same: yes
-- old:
CREATE TABLE "users" ("id" bigserial primary key, "email" character varying DEFAULT '' NOT NULL,
  "admin" boolean DEFAULT FALSE, "sign_in_count" integer DEFAULT 0 NOT NULL, "balance" decimal(10,2) DEFAULT 0.0,
  "settings" jsonb DEFAULT '{}', "tags" character varying[] DEFAULT '{}', "created_at" timestamp(6) NOT NULL,
  "updated_at" timestamp(6) NOT NULL);
CREATE UNIQUE INDEX "index_users_on_email" ON "users" ("email");
CREATE INDEX "index_users_on_lower_email" ON "users" (lower(email));
CREATE INDEX "index_users_on_tags" ON "users" USING gin ("tags");
CREATE TABLE "posts" ("id" uuid DEFAULT gen_random_uuid() NOT NULL PRIMARY KEY, "user_id" bigint NOT NULL, "title" character varying(255),
  "body" text, "status" integer DEFAULT 0, CONSTRAINT "fk_rails_5b5ddfd518" FOREIGN KEY ("user_id") REFERENCES "users" ("id"));
CREATE INDEX "index_posts_on_user_id" ON "posts" ("user_id");
CREATE INDEX "index_posts_on_user_id_and_status" ON "posts" ("user_id", "status" DESC) WHERE (status > 0);
ALTER TABLE "posts" ADD CONSTRAINT "chk_rails_6f4b9e" CHECK (length(title) > 2);
CREATE TABLE "schema_migrations" ("version" character varying NOT NULL PRIMARY KEY);
CREATE TABLE "ar_internal_metadata" ("key" character varying NOT NULL PRIMARY KEY, "value" character varying,
  "created_at" timestamp(6) NOT NULL, "updated_at" timestamp(6) NOT NULL);
-- new:
SET check_function_bodies = false;
SET client_min_messages = warning;
CREATE TABLE public.ar_internal_metadata (
    key character varying NOT NULL,
    value character varying,
    created_at timestamp(6) without time zone NOT NULL,
    updated_at timestamp(6) without time zone NOT NULL
);
CREATE TABLE public.posts (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    user_id bigint NOT NULL,
    title character varying(255),
    body text,
    status integer DEFAULT 0,
    CONSTRAINT chk_rails_6f4b9e CHECK ((length((title)::text) > 2))
);
CREATE TABLE public.schema_migrations (
    version character varying NOT NULL
);
CREATE TABLE public.users (
    id bigint NOT NULL,
    email character varying DEFAULT ''::character varying NOT NULL,
    admin boolean DEFAULT false,
    sign_in_count integer DEFAULT 0 NOT NULL,
    balance numeric(10,2) DEFAULT 0.0,
    settings jsonb DEFAULT '{}'::jsonb,
    tags character varying[] DEFAULT '{}'::character varying[],
    created_at timestamp(6) without time zone NOT NULL,
    updated_at timestamp(6) without time zone NOT NULL
);
CREATE SEQUENCE public.users_id_seq START WITH 1 INCREMENT BY 1 NO MINVALUE NO MAXVALUE CACHE 1;
ALTER SEQUENCE public.users_id_seq OWNED BY public.users.id;
ALTER TABLE ONLY public.users ALTER COLUMN id SET DEFAULT nextval('public.users_id_seq'::regclass);
ALTER TABLE ONLY public.ar_internal_metadata ADD CONSTRAINT ar_internal_metadata_pkey PRIMARY KEY (key);
ALTER TABLE ONLY public.posts ADD CONSTRAINT posts_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.schema_migrations ADD CONSTRAINT schema_migrations_pkey PRIMARY KEY (version);
ALTER TABLE ONLY public.users ADD CONSTRAINT users_pkey PRIMARY KEY (id);
CREATE INDEX index_posts_on_user_id ON public.posts USING btree (user_id);
CREATE INDEX index_posts_on_user_id_and_status ON public.posts USING btree (user_id, status DESC) WHERE (status > 0);
CREATE UNIQUE INDEX index_users_on_email ON public.users USING btree (email);
CREATE INDEX index_users_on_lower_email ON public.users USING btree (lower((email)::text));
CREATE INDEX index_users_on_tags ON public.users USING gin (tags);
ALTER TABLE ONLY public.posts ADD CONSTRAINT fk_rails_5b5ddfd518 FOREIGN KEY (user_id) REFERENCES public.users(id);

-- pair: prisma-migration-and-dump
-- same: yes
-- old:
CREATE TYPE "Role" AS ENUM ('USER', 'ADMIN');
CREATE TABLE "User" (
    "id" TEXT NOT NULL,
    "email" TEXT NOT NULL,
    "role" "Role" NOT NULL DEFAULT 'USER',
    "scores" INTEGER[] DEFAULT ARRAY[]::INTEGER[],
    "tags" TEXT[] DEFAULT ARRAY['a', 'b']::TEXT[],
    "spend" DOUBLE PRECISION NOT NULL DEFAULT 0.0,
    "meta" JSONB NOT NULL DEFAULT '{}',
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT "User_pkey" PRIMARY KEY ("id")
);
CREATE TABLE "Post" (
    "id" SERIAL NOT NULL,
    "authorId" TEXT,
    CONSTRAINT "Post_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "User_email_key" ON "User"("email");
CREATE INDEX "Post_authorId_id_idx" ON "Post"("authorId", "id" DESC);
ALTER TABLE "Post" ADD CONSTRAINT "Post_authorId_fkey" FOREIGN KEY ("authorId") REFERENCES "User"("id") ON DELETE SET NULL ON UPDATE CASCADE;
-- new:
CREATE TYPE public."Role" AS ENUM (
    'USER',
    'ADMIN'
);
CREATE TABLE public."Post" (
    id integer NOT NULL,
    "authorId" text
);
CREATE SEQUENCE public."Post_id_seq" AS integer START WITH 1 INCREMENT BY 1 NO MINVALUE NO MAXVALUE CACHE 1;
ALTER SEQUENCE public."Post_id_seq" OWNED BY public."Post".id;
CREATE TABLE public."User" (
    id text NOT NULL,
    email text NOT NULL,
    role public."Role" DEFAULT 'USER'::public."Role" NOT NULL,
    scores integer[] DEFAULT ARRAY[]::integer[],
    tags text[] DEFAULT ARRAY['a'::text, 'b'::text],
    spend double precision DEFAULT 0.0 NOT NULL,
    meta jsonb DEFAULT '{}'::jsonb NOT NULL,
    "createdAt" timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL
);
ALTER TABLE ONLY public."Post" ALTER COLUMN id SET DEFAULT nextval('public."Post_id_seq"'::regclass);
ALTER TABLE ONLY public."Post" ADD CONSTRAINT "Post_pkey" PRIMARY KEY (id);
ALTER TABLE ONLY public."User" ADD CONSTRAINT "User_pkey" PRIMARY KEY (id);
CREATE INDEX "Post_authorId_id_idx" ON public."Post" USING btree ("authorId", id DESC);
CREATE UNIQUE INDEX "User_email_key" ON public."User" USING btree (email);
ALTER TABLE ONLY public."Post" ADD CONSTRAINT "Post_authorId_fkey" FOREIGN KEY ("authorId") REFERENCES public."User"(id) ON UPDATE CASCADE ON DELETE SET NULL;
