import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { transaction, type Sql } from '@connect/storage';
import { Database } from '../ports/database.port.js';

@Injectable()
export class TypeormDatabase extends Database {
  constructor(private readonly dataSource: DataSource) {
    super();
  }

  get direct(): Sql {
    return this.dataSource.manager;
  }

  transaction<T>(work: (tx: Sql) => Promise<T>): Promise<T> {
    return transaction(this.dataSource, work);
  }
}
