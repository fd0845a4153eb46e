-- Tables for QuestDB, made before the first line comes: a point that is written again replaces itself.
-- A table that QuestDB makes by itself on a first line keeps both. Columns of fields come with the lines.
CREATE TABLE IF NOT EXISTS poll (timestamp TIMESTAMP, site SYMBOL, gateway SYMBOL, device SYMBOL) TIMESTAMP(timestamp) PARTITION BY DAY WAL DEDUP UPSERT KEYS(timestamp, site, gateway, device);
CREATE TABLE IF NOT EXISTS rack (timestamp TIMESTAMP, site SYMBOL, room SYMBOL, subject SYMBOL, device SYMBOL, point SYMBOL) TIMESTAMP(timestamp) PARTITION BY DAY WAL DEDUP UPSERT KEYS(timestamp, site, room, subject, device, point);
CREATE TABLE IF NOT EXISTS module (timestamp TIMESTAMP, site SYMBOL, room SYMBOL, subject SYMBOL, device SYMBOL, point SYMBOL) TIMESTAMP(timestamp) PARTITION BY DAY WAL DEDUP UPSERT KEYS(timestamp, site, room, subject, device, point);
CREATE TABLE IF NOT EXISTS bank (timestamp TIMESTAMP, site SYMBOL, room SYMBOL, subject SYMBOL, device SYMBOL, point SYMBOL) TIMESTAMP(timestamp) PARTITION BY DAY WAL DEDUP UPSERT KEYS(timestamp, site, room, subject, device, point);
CREATE TABLE IF NOT EXISTS busbar (timestamp TIMESTAMP, site SYMBOL, room SYMBOL, subject SYMBOL, device SYMBOL, point SYMBOL) TIMESTAMP(timestamp) PARTITION BY DAY WAL DEDUP UPSERT KEYS(timestamp, site, room, subject, device, point);
CREATE TABLE IF NOT EXISTS room (timestamp TIMESTAMP, site SYMBOL, room SYMBOL, subject SYMBOL, device SYMBOL, point SYMBOL) TIMESTAMP(timestamp) PARTITION BY DAY WAL DEDUP UPSERT KEYS(timestamp, site, room, subject, device, point);
CREATE TABLE IF NOT EXISTS ups (timestamp TIMESTAMP, site SYMBOL, room SYMBOL, subject SYMBOL, device SYMBOL, point SYMBOL) TIMESTAMP(timestamp) PARTITION BY DAY WAL DEDUP UPSERT KEYS(timestamp, site, room, subject, device, point);
CREATE TABLE IF NOT EXISTS breaker (timestamp TIMESTAMP, site SYMBOL, room SYMBOL, subject SYMBOL, device SYMBOL, point SYMBOL) TIMESTAMP(timestamp) PARTITION BY DAY WAL DEDUP UPSERT KEYS(timestamp, site, room, subject, device, point);
CREATE TABLE IF NOT EXISTS bridge (timestamp TIMESTAMP, bridge SYMBOL) TIMESTAMP(timestamp) PARTITION BY DAY WAL DEDUP UPSERT KEYS(timestamp, bridge);
