export interface Room {
  name: string;
  folder: string;
  mayImport: string[];
  packages?: string[];
  capture?: string[];
}
export const rooms: Room[];
export const testRooms: string[];
export const workshops: { name: string; folder: string }[];
export const apps: string[];
