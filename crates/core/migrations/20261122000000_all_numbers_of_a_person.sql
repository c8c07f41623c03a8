-- A person may have several work numbers: all of them as a JSON list, the primary one first.
alter table mirror_people add column numbers text not null default '[]';
update mirror_people set numbers = json_array(number) where number is not null;
alter table mirror_people drop column number;
