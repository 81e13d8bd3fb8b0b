"""The journal: append-only, made by triggers, chained by hash at commit."""

from django.db import migrations

from core.governance import GovernTable

# What a person reads when the database refuses.
REFUSALS = r"""
CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_TABLE_NAME = 'core_auditevent' THEN
        RAISE EXCEPTION 'Nhật ký chỉ do hệ thống ghi thêm, không được sửa hay xóa (%).', TG_OP
            USING ERRCODE = 'restrict_violation';
    END IF;
    RAISE EXCEPTION 'Bảng % không cho phép %: dữ liệu đã ghi được giữ nguyên; cần sửa số thì ghi một dòng mới kèm lý do.',
        TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END $$;
"""

# One statement, one event. The functions' own settings make the text of a row independent of the session.
RECORDERS = r"""
CREATE FUNCTION audit_write(
    table_name text, action text, row_count bigint, changes jsonb, rows_sha256 bytea, row_group text
) RETURNS void LANGUAGE sql AS $$
    INSERT INTO core_auditevent (at, actor_id, actor, reason, table_name, action, row_count, changes,
                                 rows_sha256, row_group)
    VALUES (clock_timestamp(),
            nullif(current_setting('vungxanh.actor_id', true), '')::bigint,
            coalesce(nullif(current_setting('vungxanh.actor', true), ''), 'db:' || session_user),
            coalesce(current_setting('vungxanh.reason', true), ''),
            $1, $2, $3, $4, $5, $6)
$$;

CREATE FUNCTION audit_rows() RETURNS trigger LANGUAGE plpgsql
SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres' SET extra_float_digits = 1
SET bytea_output = 'hex' AS $$
DECLARE
    secrets text[] := string_to_array(TG_ARGV[0], ',');
    unwatched text[] := string_to_array(TG_ARGV[1], ',');
    as_json text;
    before jsonb;
    after jsonb;
BEGIN
    SELECT 'jsonb_build_object(' || string_agg(
               format(CASE WHEN attname = ANY (secrets) THEN '%L, left(encode(sha256(convert_to(r.%I::text, ''UTF8'')), ''hex''), 8)'
                           WHEN atttypid = 'bytea'::regtype THEN '%L, encode(sha256(r.%I), ''hex'')'
                           ELSE '%L, r.%I' END, attname, attname), ', ' ORDER BY attnum) || ')'
      INTO as_json
      FROM pg_attribute
     WHERE attrelid = TG_RELID AND attnum > 0 AND NOT attisdropped AND attname <> ALL (unwatched);

    IF TG_OP = 'INSERT' THEN
        EXECUTE format('SELECT jsonb_agg(%s) FROM new_rows r', as_json) INTO after;
    ELSIF TG_OP = 'DELETE' THEN
        EXECUTE format('SELECT jsonb_agg(%s) FROM old_rows r', as_json) INTO before;
    ELSE
        EXECUTE format('WITH o AS MATERIALIZED (SELECT %1$s AS row FROM old_rows r),
                             n AS MATERIALIZED (SELECT %1$s AS row FROM new_rows r)
                        SELECT (SELECT jsonb_agg(row) FROM (TABLE o EXCEPT TABLE n) gone),
                               (SELECT jsonb_agg(row) FROM (TABLE n EXCEPT TABLE o) came)', as_json)
           INTO before, after;
    END IF;

    IF before IS NOT NULL OR after IS NOT NULL THEN
        PERFORM audit_write(TG_TABLE_NAME, TG_OP, jsonb_array_length(coalesce(after, before)),
                            CASE TG_OP WHEN 'INSERT' THEN jsonb_build_object('new', after)
                                       WHEN 'DELETE' THEN jsonb_build_object('old', before)
                                       ELSE jsonb_build_object('old', before, 'new', after) END, NULL, '');
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION audit_ledger() RETURNS trigger LANGUAGE plpgsql
SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres' SET extra_float_digits = 1
SET bytea_output = 'hex' AS $$
DECLARE
    columns text[];
BEGIN
    SELECT array_agg(attname::text ORDER BY attnum) INTO columns
      FROM pg_attribute WHERE attrelid = TG_RELID AND attnum > 0 AND NOT attisdropped;

    EXECUTE format(
        'SELECT audit_write(%1$L, %2$L, count(*), %3$L, sha256(convert_to(string_agg(ROW(%4$s)::text, E''\n'' ORDER BY id), ''UTF8'')),
                            format(''%5$I=%%s;id=%%s..%%s'', %5$I, min(id), max(id)))
           FROM new_rows GROUP BY %5$I ORDER BY %5$I',
        TG_TABLE_NAME, TG_OP, jsonb_build_object('columns', columns),
        (SELECT string_agg(quote_ident(c), ', ') FROM unnest(columns) c), TG_ARGV[0]);
    RETURN NULL;
END $$;
"""

# The chain. Events get their place when their transaction commits, one transaction at a time, so that a long
# transaction keeps nobody waiting before that. Sealing is the only change an event ever sees.
CHAIN = r"""
CREATE FUNCTION audit_canonical(event core_auditevent) RETURNS text LANGUAGE sql STABLE
SET timezone = 'UTC' AS $$
    SELECT jsonb_build_array(event.id, event.at, event.actor_id, event.actor, event.reason, event.table_name,
                             event.action, event.row_count, event.changes, encode(event.rows_sha256, 'hex'),
                             event.row_group, event.position)::text
$$;

CREATE FUNCTION audit_seal() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    head record;
    event core_auditevent;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('core_auditevent'));
    SELECT position, hash INTO head
      FROM core_auditevent WHERE position IS NOT NULL ORDER BY position DESC LIMIT 1;
    SELECT * INTO event FROM core_auditevent WHERE id = NEW.id;
    event.position := coalesce(head.position, 0) + 1;
    UPDATE core_auditevent
       SET position = event.position,
           hash = sha256(coalesce(head.hash, ''::bytea) || convert_to(audit_canonical(event), 'UTF8'))
     WHERE id = NEW.id;
    RETURN NULL;
END $$;

CREATE FUNCTION audit_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Depth 1 is a statement from outside; the journal is written from within the triggers only.
    IF pg_trigger_depth() > 1 THEN
        IF TG_OP = 'INSERT' AND NEW.position IS NULL AND NEW.hash IS NULL THEN
            RETURN NEW;
        END IF;
        IF TG_OP = 'UPDATE' AND OLD.position IS NULL AND NEW.position IS NOT NULL
           AND to_jsonb(NEW) - '{position,hash}'::text[] = to_jsonb(OLD) - '{position,hash}'::text[] THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'Nhật ký chỉ do hệ thống ghi thêm, không được sửa hay xóa (%).', TG_OP
        USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER audit_guard BEFORE INSERT OR UPDATE ON core_auditevent
    FOR EACH ROW EXECUTE FUNCTION audit_guard();
CREATE TRIGGER audit_delete BEFORE DELETE OR TRUNCATE ON core_auditevent
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
CREATE CONSTRAINT TRIGGER audit_seal AFTER INSERT ON core_auditevent DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION audit_seal();
"""

UNDO = """
DROP TRIGGER audit_seal ON core_auditevent;
DROP TRIGGER audit_delete ON core_auditevent;
DROP TRIGGER audit_guard ON core_auditevent;
DROP FUNCTION audit_guard(), audit_seal(), audit_canonical(core_auditevent), audit_ledger(), audit_rows(),
    audit_write(text, text, bigint, jsonb, bytea, text), audit_refuse();
"""


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial")]

    operations = [
        migrations.RunSQL([REFUSALS + RECORDERS + CHAIN], [UNDO]),
        GovernTable("core_area"),
        GovernTable("core_boundaryset"),
        GovernTable("core_areaboundary"),
        GovernTable("core_user", secrets=("password",), unwatched=("last_login",)),
        GovernTable("core_grant"),
    ]
