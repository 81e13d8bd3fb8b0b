"""The tree of areas cannot be broken: one tier at a time, and the path says where the area hangs."""

from django.db import migrations

GUARD = r"""
CREATE FUNCTION area_tree_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    wrong record;
BEGIN
    SELECT child.name, child.code INTO wrong
    FROM changed JOIN core_area child ON child.id = changed.id OR child.parent_id = changed.id
    LEFT JOIN core_area parent ON parent.id = child.parent_id
    WHERE NOT coalesce(
        CASE child.kind
            WHEN 'province' THEN child.parent_id IS NULL
            WHEN 'district' THEN parent.kind = 'province'
            -- the district tier ended on 1/7/2025 (Resolution 203/2025/QH15)
            WHEN 'commune' THEN parent.kind = 'district'
                OR parent.kind = 'province' AND child.valid_from >= date '2025-07-01'
            WHEN 'hamlet' THEN parent.kind = 'commune'
        END, false)
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION '% (mã %) phải trực thuộc một đơn vị ngay trên một cấp.', wrong.name, wrong.code
            USING ERRCODE = 'check_violation', TABLE = 'core_area',
                  CONSTRAINT = 'area_sits_one_tier_below_its_parent';
    END IF;

    SELECT child.name, child.code INTO wrong
    FROM changed JOIN core_area child ON child.id = changed.id OR child.parent_id = changed.id
    LEFT JOIN core_area parent ON parent.id = child.parent_id
    WHERE child.path <> coalesce(parent.path || '/', '') || child.code
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'Đường dẫn của % (mã %) phải là đường dẫn của đơn vị cấp trên và mã của chính nó.',
            wrong.name, wrong.code
            USING ERRCODE = 'check_violation', TABLE = 'core_area',
                  CONSTRAINT = 'area_path_is_its_parents_path_and_its_code';
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER area_tree_guard_insert AFTER INSERT ON core_area
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION area_tree_guard();
CREATE TRIGGER area_tree_guard_update AFTER UPDATE ON core_area
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION area_tree_guard();
"""

UNGUARD = """
DROP TRIGGER area_tree_guard_update ON core_area;
DROP TRIGGER area_tree_guard_insert ON core_area;
DROP FUNCTION area_tree_guard();
"""


class Migration(migrations.Migration):
    dependencies = [("core", "0002_audit")]

    operations = [migrations.RunSQL(GUARD, UNGUARD)]
