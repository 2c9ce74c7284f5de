-- Statements are separated by lines of dashes. Tables are named with the schema of the table that fired the trigger:
-- it works in any schema, renamed ones too, and no temporary table can stand in for ours.
--------
CREATE FUNCTION chatter_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'chatter: % of % is refused', TG_OP, TG_TABLE_NAME;
END $$
--------
CREATE FUNCTION chatter_start_head() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.sequence IS DISTINCT FROM 0 OR NEW.hash IS DISTINCT FROM repeat('0', 64) THEN
    RAISE EXCEPTION 'chatter: a head starts at 0, once';
  END IF;
  RETURN NEW;
END $$
--------
CREATE FUNCTION chatter_check_head() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  is_last boolean;
BEGIN
  EXECUTE format(
    'SELECT EXISTS (
       SELECT 1 FROM %1$I.chatter_entries WHERE company_id = $1 AND chain = $2 AND sequence = $3 AND hash = $4
     ) AND NOT EXISTS (
       SELECT 1 FROM %1$I.chatter_entries WHERE company_id = $1 AND chain = $2 AND sequence = $3 + 1
     )',
    TG_TABLE_SCHEMA
  ) INTO is_last USING NEW.company_id, NEW.chain, NEW.sequence, NEW.hash;
  IF (NEW.company_id, NEW.chain) IS DISTINCT FROM (OLD.company_id, OLD.chain)
    OR NEW.sequence <= OLD.sequence
    OR NOT is_last
  THEN
    RAISE EXCEPTION 'chatter: a head moves only to the next entry';
  END IF;
  RETURN NEW;
END $$
--------
-- A row follows the head, or a row before it in the same statement.
CREATE FUNCTION chatter_check_entry() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  follows boolean;
BEGIN
  EXECUTE format(
    'SELECT EXISTS (
       SELECT 1 FROM %1$I.chatter_entries WHERE company_id = $1 AND chain = $2 AND sequence = $3 AND hash = $4
     ) OR EXISTS (
       SELECT 1 FROM %1$I.chatter_heads WHERE company_id = $1 AND chain = $2 AND sequence = $3 AND hash = $4
     )',
    TG_TABLE_SCHEMA
  ) INTO follows USING NEW.company_id, NEW.chain, NEW.sequence - 1, NEW.previous_hash;
  IF NOT follows THEN
    RAISE EXCEPTION 'chatter: an entry must follow the head of its chain';
  END IF;
  RETURN NEW;
END $$
--------
-- Once a statement, not once a row: thousands of updates of one row in one transaction grow slower and slower.
CREATE FUNCTION chatter_move_head() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  chains bigint;
  moved bigint;
BEGIN
  SELECT count(DISTINCT (company_id, chain)) INTO chains FROM inserted;
  EXECUTE format(
    'UPDATE %I.chatter_heads head SET sequence = last.sequence, hash = last.hash FROM (
       SELECT DISTINCT ON (company_id, chain) company_id, chain, sequence, hash,
         min(sequence) OVER (PARTITION BY company_id, chain) AS first
       FROM inserted ORDER BY company_id, chain, sequence DESC
     ) last
     WHERE head.company_id = last.company_id AND head.chain = last.chain AND head.sequence + 1 = last.first',
    TG_TABLE_SCHEMA
  );
  GET DIAGNOSTICS moved = ROW_COUNT;
  IF moved <> chains THEN
    RAISE EXCEPTION 'chatter: an entry must follow the head of its chain';
  END IF;
  RETURN NULL;
END $$
--------
CREATE FUNCTION chatter_check_part() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  stands boolean;
BEGIN
  EXECUTE format(
    'SELECT EXISTS (SELECT 1 FROM %I.chatter_entries WHERE company_id = $1 AND chain = $2 AND sequence = $3)',
    TG_TABLE_SCHEMA
  ) INTO stands USING NEW.company_id, NEW.chain, NEW.sequence;
  IF stands THEN
    RAISE EXCEPTION 'chatter: nothing is added to an entry';
  END IF;
  RETURN NEW;
END $$
--------
CREATE FUNCTION chatter_check_personal_erasure() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  erased boolean;
BEGIN
  EXECUTE format(
    'SELECT EXISTS (
       SELECT 1 FROM %1$I.chatter_entries erased JOIN %1$I.chatter_entries erasure
         ON erasure.company_id = erased.company_id AND erasure.chain = erased.chain
         AND erasure.customer_id = erased.customer_id AND erasure.sequence > erased.sequence
       WHERE erased.company_id = $1 AND erased.chain = $2 AND erased.sequence = $3
         AND erasure.tag = ''customer:erased''
     )',
    TG_TABLE_SCHEMA
  ) INTO erased USING OLD.company_id, OLD.chain, OLD.sequence;
  IF NOT erased THEN
    RAISE EXCEPTION 'chatter: DELETE needs a later entry customer:erased';
  END IF;
  RETURN OLD;
END $$
--------
CREATE FUNCTION chatter_check_person_erasure() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  erased boolean;
BEGIN
  EXECUTE format(
    'SELECT EXISTS (
       SELECT 1 FROM %I.chatter_entries
       WHERE company_id = $1 AND tag = ''person:erased'' AND facts = ''{"person":"'' || $2 || ''"}''
     )',
    TG_TABLE_SCHEMA
  ) INTO erased USING OLD.company_id, OLD.digest;
  IF NOT erased THEN
    RAISE EXCEPTION 'chatter: DELETE needs an entry person:erased';
  END IF;
  RETURN OLD;
END $$
--------
CREATE FUNCTION chatter_check_document() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  erased boolean;
BEGIN
  EXECUTE format(
    'SELECT EXISTS (SELECT 1 FROM %1$I.chatter_entry_documents WHERE sha256 = $1) AND NOT EXISTS (
       SELECT 1 FROM %1$I.chatter_entry_documents used JOIN %1$I.chatter_entries entry
         ON entry.company_id = used.company_id AND entry.chain = used.chain AND entry.sequence = used.sequence
       WHERE used.sha256 = $1 AND NOT EXISTS (
         SELECT 1 FROM %1$I.chatter_entry_documents named JOIN %1$I.chatter_entries erasure
           ON erasure.company_id = named.company_id AND erasure.chain = named.chain
           AND erasure.sequence = named.sequence
         WHERE named.sha256 = used.sha256 AND named.company_id = used.company_id
           AND erasure.tag = ''customer:erased''
           AND (entry.customer_id IS NULL OR entry.customer_id = erasure.customer_id)
       )
     )',
    TG_TABLE_SCHEMA
  ) INTO erased USING OLD.sha256;
  IF (NEW.sha256, NEW.media_type) IS DISTINCT FROM (OLD.sha256, OLD.media_type)
    OR (OLD.content IS NOT NULL AND (NEW.content IS NOT NULL OR NOT erased))
  THEN
    RAISE EXCEPTION 'documents: bytes go only when an entry customer:erased of each company and customer names them';
  END IF;
  RETURN NEW;
END $$
--------
CREATE TRIGGER chatter_heads_insert BEFORE INSERT ON chatter_heads
FOR EACH ROW EXECUTE FUNCTION chatter_start_head()
--------
CREATE TRIGGER chatter_heads_update BEFORE UPDATE ON chatter_heads
FOR EACH ROW EXECUTE FUNCTION chatter_check_head()
--------
CREATE TRIGGER chatter_heads_delete BEFORE DELETE OR TRUNCATE ON chatter_heads
FOR EACH STATEMENT EXECUTE FUNCTION chatter_refuse()
--------
CREATE TRIGGER chatter_entries_insert BEFORE INSERT ON chatter_entries
FOR EACH ROW EXECUTE FUNCTION chatter_check_entry()
--------
CREATE TRIGGER chatter_entries_head AFTER INSERT ON chatter_entries REFERENCING NEW TABLE AS inserted
FOR EACH STATEMENT EXECUTE FUNCTION chatter_move_head()
--------
CREATE TRIGGER chatter_entries_delete BEFORE UPDATE OR DELETE OR TRUNCATE ON chatter_entries
FOR EACH STATEMENT EXECUTE FUNCTION chatter_refuse()
--------
CREATE TRIGGER chatter_personal_insert BEFORE INSERT ON chatter_personal
FOR EACH ROW EXECUTE FUNCTION chatter_check_part()
--------
CREATE TRIGGER chatter_personal_update BEFORE UPDATE OR TRUNCATE ON chatter_personal
FOR EACH STATEMENT EXECUTE FUNCTION chatter_refuse()
--------
CREATE TRIGGER chatter_personal_delete BEFORE DELETE ON chatter_personal
FOR EACH ROW EXECUTE FUNCTION chatter_check_personal_erasure()
--------
CREATE TRIGGER chatter_people_update BEFORE UPDATE OR TRUNCATE ON chatter_people
FOR EACH STATEMENT EXECUTE FUNCTION chatter_refuse()
--------
CREATE TRIGGER chatter_people_delete BEFORE DELETE ON chatter_people
FOR EACH ROW EXECUTE FUNCTION chatter_check_person_erasure()
--------
CREATE TRIGGER chatter_entry_documents_insert BEFORE INSERT ON chatter_entry_documents
FOR EACH ROW EXECUTE FUNCTION chatter_check_part()
--------
CREATE TRIGGER chatter_entry_documents_delete BEFORE UPDATE OR DELETE OR TRUNCATE ON chatter_entry_documents
FOR EACH STATEMENT EXECUTE FUNCTION chatter_refuse()
--------
CREATE TRIGGER documents_update BEFORE UPDATE ON documents
FOR EACH ROW EXECUTE FUNCTION chatter_check_document()
--------
CREATE TRIGGER documents_delete BEFORE DELETE OR TRUNCATE ON documents
FOR EACH STATEMENT EXECUTE FUNCTION chatter_refuse()
