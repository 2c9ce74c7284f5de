-- Statements are separated by lines of dashes. REPLACE skips DELETE triggers on connections that do not set
-- recursive_triggers, so every table refuses it before the INSERT; WITHOUT ROWID, since a rowid can be replaced too.
--------
CREATE TRIGGER chatter_heads_insert BEFORE INSERT ON chatter_heads
WHEN NEW.sequence IS NOT 0 OR NEW.hash IS NOT '0000000000000000000000000000000000000000000000000000000000000000'
  OR EXISTS (SELECT 1 FROM chatter_heads WHERE company_id = NEW.company_id AND chain = NEW.chain)
BEGIN SELECT RAISE(ABORT, 'chatter: a head starts at 0, once'); END
--------
CREATE TRIGGER chatter_heads_update BEFORE UPDATE ON chatter_heads
WHEN NEW.company_id IS NOT OLD.company_id OR NEW.chain IS NOT OLD.chain OR NEW.sequence IS NOT OLD.sequence + 1
  OR NOT EXISTS (
    SELECT 1 FROM chatter_entries
    WHERE company_id = NEW.company_id AND chain = NEW.chain AND sequence = NEW.sequence AND hash = NEW.hash
  )
BEGIN SELECT RAISE(ABORT, 'chatter: a head moves only to the next entry'); END
--------
CREATE TRIGGER chatter_heads_delete BEFORE DELETE ON chatter_heads
BEGIN SELECT RAISE(ABORT, 'chatter: DELETE is refused'); END
--------
CREATE TRIGGER chatter_entries_insert BEFORE INSERT ON chatter_entries
WHEN NOT EXISTS (
  SELECT 1 FROM chatter_heads
  WHERE company_id = NEW.company_id AND chain = NEW.chain AND sequence = NEW.sequence - 1 AND hash = NEW.previous_hash
)
BEGIN SELECT RAISE(ABORT, 'chatter: an entry must follow the head of its chain'); END
--------
CREATE TRIGGER chatter_entries_head AFTER INSERT ON chatter_entries
BEGIN
  UPDATE chatter_heads SET sequence = NEW.sequence, hash = NEW.hash
  WHERE company_id = NEW.company_id AND chain = NEW.chain;
END
--------
CREATE TRIGGER chatter_entries_update BEFORE UPDATE ON chatter_entries
BEGIN SELECT RAISE(ABORT, 'chatter: UPDATE is refused'); END
--------
CREATE TRIGGER chatter_entries_delete BEFORE DELETE ON chatter_entries
BEGIN SELECT RAISE(ABORT, 'chatter: DELETE is refused'); END
--------
CREATE TRIGGER chatter_personal_insert BEFORE INSERT ON chatter_personal
WHEN EXISTS (
  SELECT 1 FROM chatter_entries
  WHERE company_id = NEW.company_id AND chain = NEW.chain AND sequence = NEW.sequence
)
BEGIN SELECT RAISE(ABORT, 'chatter: nothing is added to an entry'); END
--------
CREATE TRIGGER chatter_personal_update BEFORE UPDATE ON chatter_personal
BEGIN SELECT RAISE(ABORT, 'chatter: UPDATE is refused'); END
--------
CREATE TRIGGER chatter_personal_delete BEFORE DELETE ON chatter_personal
WHEN NOT EXISTS (
  SELECT 1 FROM chatter_entries erased JOIN chatter_entries erasure
    ON erasure.company_id = erased.company_id AND erasure.chain = erased.chain
    AND erasure.customer_id = erased.customer_id AND erasure.sequence > erased.sequence
  WHERE erased.company_id = OLD.company_id AND erased.chain = OLD.chain AND erased.sequence = OLD.sequence
    AND erasure.tag = 'customer:erased'
)
BEGIN SELECT RAISE(ABORT, 'chatter: DELETE needs a later entry customer:erased'); END
--------
CREATE TRIGGER chatter_people_insert BEFORE INSERT ON chatter_people
WHEN EXISTS (
  SELECT 1 FROM chatter_people
  WHERE digest = NEW.digest OR (company_id = NEW.company_id AND name = NEW.name)
)
BEGIN SELECT RAISE(ABORT, 'chatter: a person stands once'); END
--------
CREATE TRIGGER chatter_people_update BEFORE UPDATE ON chatter_people
BEGIN SELECT RAISE(ABORT, 'chatter: UPDATE is refused'); END
--------
CREATE TRIGGER chatter_people_delete BEFORE DELETE ON chatter_people
WHEN NOT EXISTS (
  SELECT 1 FROM chatter_entries
  WHERE company_id = OLD.company_id AND tag = 'person:erased' AND facts = '{"person":"' || OLD.digest || '"}'
)
BEGIN SELECT RAISE(ABORT, 'chatter: DELETE needs an entry person:erased'); END
--------
CREATE TRIGGER chatter_entry_documents_insert BEFORE INSERT ON chatter_entry_documents
WHEN EXISTS (
  SELECT 1 FROM chatter_entries
  WHERE company_id = NEW.company_id AND chain = NEW.chain AND sequence = NEW.sequence
)
BEGIN SELECT RAISE(ABORT, 'chatter: nothing is added to an entry'); END
--------
CREATE TRIGGER chatter_entry_documents_update BEFORE UPDATE ON chatter_entry_documents
BEGIN SELECT RAISE(ABORT, 'chatter: UPDATE is refused'); END
--------
CREATE TRIGGER chatter_entry_documents_delete BEFORE DELETE ON chatter_entry_documents
BEGIN SELECT RAISE(ABORT, 'chatter: DELETE is refused'); END
--------
CREATE TRIGGER documents_insert BEFORE INSERT ON documents
WHEN EXISTS (SELECT 1 FROM documents WHERE sha256 = NEW.sha256)
BEGIN SELECT RAISE(ABORT, 'documents: one stands once'); END
--------
CREATE TRIGGER documents_update BEFORE UPDATE ON documents
WHEN NEW.sha256 IS NOT OLD.sha256 OR NEW.media_type IS NOT OLD.media_type
  OR (OLD.content IS NOT NULL AND (
    NEW.content IS NOT NULL
    OR NOT EXISTS (SELECT 1 FROM chatter_entry_documents WHERE sha256 = OLD.sha256)
    OR EXISTS (
      SELECT 1 FROM chatter_entry_documents used JOIN chatter_entries entry
        ON entry.company_id = used.company_id AND entry.chain = used.chain AND entry.sequence = used.sequence
      WHERE used.sha256 = OLD.sha256 AND NOT EXISTS (
        SELECT 1 FROM chatter_entry_documents named JOIN chatter_entries erasure
          ON erasure.company_id = named.company_id AND erasure.chain = named.chain
          AND erasure.sequence = named.sequence
        WHERE named.sha256 = used.sha256 AND named.company_id = used.company_id
          AND erasure.tag = 'customer:erased'
          AND (entry.customer_id IS NULL OR entry.customer_id = erasure.customer_id)
      )
    )
  ))
BEGIN SELECT RAISE(ABORT, 'documents: bytes go only when an entry customer:erased of each company and customer names them'); END
--------
CREATE TRIGGER documents_delete BEFORE DELETE ON documents
BEGIN SELECT RAISE(ABORT, 'documents: DELETE is refused'); END
